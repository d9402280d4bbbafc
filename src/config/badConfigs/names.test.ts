import { expect, test } from 'vitest'
import { chains, configScene, contracts, good } from '../../../test/harness/configScene.ts'

const { said } = configScene()

test('two of one name', () => {
  expect(
    said(`${good}monitors:\n  cap: { use: outflow-cap }\n  b: { use: outflow-cap }\n  cap: { use: outflow-cap }\n`),
  ).toMatchInlineSnapshot(`
    "One problem in tocsin.yaml:

    tocsin.yaml:8:3  The name \`cap\` stands here twice.
        cap: { use: outflow-cap }
        ^^^"
  `)
  expect(
    said(`chains:
  mainnet: { id: 1, rpc: env:URL_A }
  ethereum: { id: 1, rpc: env:URL_A }
${contracts.replace('address', 'chain: mainnet, address')}`),
  ).toMatchInlineSnapshot(`
    "One problem in tocsin.yaml:

    tocsin.yaml:3:19  Chains \`mainnet\` and \`ethereum\` have the same id 1.
        ethereum: { id: 1, rpc: env:URL_A }
                        ^"
  `)
})

test('names of what is not there, in every place', () => {
  expect(
    said(`chains:
  mainnet: { id: 1, rpc: env:URL_A }
  base: { id: 8453, rpc: env:URL_A }
contracts:
  vault: { chain: mainet, address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a" }
  treasury: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf34b" }
  token: { chain: base, address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf34c" }
monitors:
  drain: { use: outflw-cap, on: tokn }
  cap: { use: outflow-cap, on: [token, vualt, nobody], options: { token: $tokn, percent: 5 } }
channels:
  ops: { use: slak }
routes:
  - { match: { contract: vualt, chain: [base, mainet], monitor: cup, detector: drain }, notify: opps }
  - { notify: [ops, all] }
inhibit:
  - { when: { monitor: drian }, mute: { severity: ">=hihg" }, equal: [contrct] }
`),
  ).toMatchInlineSnapshot(`
    "15 problems in tocsin.yaml:

    tocsin.yaml:5:19  There is no chain \`mainet\`.
        vault: { chain: mainet, address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a" }
                        ^^^^^^
        Did you mean \`mainnet\`?

    tocsin.yaml:6:3  \`treasury\` does not say on which chain it stands.
        treasury: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf34b" }
        ^^^^^^^^
        Add \`chain:\`. There is: mainnet, base.

    tocsin.yaml:9:17  There is no detector \`outflw-cap\`.
        drain: { use: outflw-cap, on: tokn }
                      ^^^^^^^^^^
        Did you mean \`outflow-cap\`?

    tocsin.yaml:9:33  There is no contract \`tokn\`.
        drain: { use: outflw-cap, on: tokn }
                                      ^^^^
        Did you mean \`token\`?

    tocsin.yaml:10:40  There is no contract \`vualt\`.
        cap: { use: outflow-cap, on: [token, vualt, nobody], options: { token: $tokn, percent: 5 } }
                                             ^^^^^
        Did you mean \`vault\`?

    tocsin.yaml:10:47  There is no contract \`nobody\`.
        cap: { use: outflow-cap, on: [token, vualt, nobody], options: { token: $tokn, percent: 5 } }
                                                    ^^^^^^
        There is: vault, treasury, token.

    tocsin.yaml:12:15  There is no kind of channel \`slak\`.
        ops: { use: slak }
                    ^^^^
        Did you mean \`slack\`?

    tocsin.yaml:14:26  There is no contract \`vualt\`.
        - { match: { contract: vualt, chain: [base, mainet], monitor: cup, detector: drain }, notify: opps }
                               ^^^^^
        Did you mean \`vault\`?

    tocsin.yaml:14:47  There is no chain \`mainet\`.
        - { match: { contract: vualt, chain: [base, mainet], monitor: cup, detector: drain }, notify: opps }
                                                    ^^^^^^
        Did you mean \`mainnet\`?

    tocsin.yaml:14:65  There is no monitor \`cup\`.
        - { match: { contract: vualt, chain: [base, mainet], monitor: cup, detector: drain }, notify: opps }
                                                                      ^^^
        Did you mean \`cap\`?

    tocsin.yaml:14:80  There is no detector \`drain\`.
        - { match: { contract: vualt, chain: [base, mainet], monitor: cup, detector: drain }, notify: opps }
                                                                                     ^^^^^
        There is: absence, expression, state, value-jump, key-settings, new-rights, pauser-health, privileged-change, unseen-code, safe-execution, governance, governance-cost, module-queue, payment-stream, account-entries, backing, cluster-profit, large-transfer, outflow-cap, own-loss, ….

    tocsin.yaml:14:97  There is no channel \`opps\`.
        - { match: { contract: vualt, chain: [base, mainet], monitor: cup, detector: drain }, notify: opps }
                                                                                                      ^^^^
        Did you mean \`ops\`?

    tocsin.yaml:15:21  There is no channel \`all\`.
        - { notify: [ops, all] }
                          ^^^
        There is: ops.

    tocsin.yaml:17:51  \`severity\` must be one of info, low, medium, high, critical, or such as ">=high".
        - { when: { monitor: drian }, mute: { severity: ">=hihg" }, equal: [contrct] }
                                                        ^^^^^^^^

    tocsin.yaml:17:71  Entry 1 of \`equal\` must be one of contract, chain, transaction, block.
        - { when: { monitor: drian }, mute: { severity: ">=hihg" }, equal: [contrct] }
                                                                            ^^^^^^^
        Did you mean \`contract\`?"
  `)
})

test('names that are none', () => {
  expect(
    said(`chains: { main net: { id: 1, rpc: env:URL_A } }
contracts:
  __proto__: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a" }
  my-vault: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a" }
  ? [a, b]
  : { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a" }
`),
  ).toMatchInlineSnapshot(`
    "4 problems in tocsin.yaml:

    tocsin.yaml:1:11  \`main net\` must be a name of letters, digits, - and _ that begins with a letter.
        chains: { main net: { id: 1, rpc: env:URL_A } }
                  ^^^^^^^^

    tocsin.yaml:3:3  This cannot be a name here.
        __proto__: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a" }
        ^^^^^^^^^

    tocsin.yaml:4:3  \`my-vault\` must be a name of letters, digits and _ that begins with a letter.
        my-vault: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a" }
        ^^^^^^^^

    tocsin.yaml:5:5  This cannot be a name here.
        ? [a, b]
          ^^^^^^"
  `)
})

test('a monitor that would watch nothing', () => {
  expect(
    said(
      `${chains}contracts:\n  feed: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a", role: dependency }\nmonitors:\n  drain: { use: outflow-cap, options: { percent: 5 } }\n`,
    ),
  ).toMatchInlineSnapshot(`
    "One problem in tocsin.yaml:

    tocsin.yaml:6:3  \`drain\` watches nothing: no contract is protected.
        drain: { use: outflow-cap, options: { percent: 5 } }
        ^^^^^
        Name some under \`on:\`."
  `)
})
