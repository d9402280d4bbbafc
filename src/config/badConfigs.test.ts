import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { plugIns } from '../app/plugIns.ts'
import { KnownError } from '../model/error.ts'
import { loadConfig } from './loadConfig.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

const secret = 'hunter2-hunter2-hunter2'
writeFileSync(join(folder, 'no.json'), 'hello')
writeFileSync(join(folder, 'other.json'), '[{"type":"event","name":"Paused"},{"type":"nonsense"}]')
writeFileSync(join(folder, 'empty.txt'), '\n')
writeFileSync(join(folder, 'secret.txt'), secret)

/** All that is said about a config. The environment holds `URL_A` with a secret, and nothing else. */
function said(text: string | Buffer): string {
  const path = join(folder, 'tocsin.yaml')
  writeFileSync(path, text)
  try {
    loadConfig(path, plugIns, { URL_A: `https://hooks.example/${secret}`, EMPTY: ' ' })
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    const words = error.message.replaceAll(/\S*tocsin\.yaml/g, 'tocsin.yaml')
    expect(words).not.toContain(secret)
    expect(words.length).toBeLessThan(20_000)
    return words
  }
  return 'nothing is wrong'
}

const chains = 'chains:\n  mainnet: { id: 1, rpc: env:URL_A }\n'
const contracts =
  'contracts:\n  vault: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a", abi: ["event Withdraw(address indexed who, uint256 assets)"] }\n'
const good = chains + contracts

test('a good config has no problem', () => {
  expect(said(good)).toBe('nothing is wrong')
  expect(said(`\ufeff${good.replaceAll('\n', '\r\n')}`)).toBe('nothing is wrong')
})

test('keys that are not known, each with what was meant', () => {
  expect(
    said(`${good}protocl: Acme
monitors:
  drain: { use: outflow-cap, options: { windows: { 1h: 5 }, windwos: 1 }, severty: high }
channels:
  ops: { use: slack, options: { url: env:URL_A, chanel: x } }
alerts: { resolvAfter: 1h }
`),
  ).toMatchInlineSnapshot(`
    "5 problems in tocsin.yaml:

    tocsin.yaml:5:1  The key \`protocl\` is not known here.
        protocl: Acme
        ^^^^^^^
        Did you mean \`protocol\`?

    tocsin.yaml:7:61  The key \`windwos\` is not known here.
        drain: { use: outflow-cap, options: { windows: { 1h: 5 }, windwos: 1 }, severty: high }
                                                                  ^^^^^^^
        Did you mean \`windows\`?

    tocsin.yaml:7:75  The key \`severty\` is not known here.
        drain: { use: outflow-cap, options: { windows: { 1h: 5 }, windwos: 1 }, severty: high }
                                                                                ^^^^^^^
        Did you mean \`severity\`?

    tocsin.yaml:9:49  The key \`chanel\` is not known here.
        ops: { use: slack, options: { url: env:URL_A, chanel: * } }
                                                      ^^^^^^
        There is: url, allowPrivateAddress.

    tocsin.yaml:10:11  The key \`resolvAfter\` is not known here.
        alerts: { resolvAfter: 1h }
                  ^^^^^^^^^^^
        Did you mean \`resolveAfter\`?"
  `)
})

test('values of a wrong type', () => {
  expect(
    said(`protocol: [a]
chains:
  mainnet: { id: "1", rpc: 7, confirmations: -1, poll: 5, startAt: soon, explorer: etherscan }
  base:
  42: { id: 1.5, rpc: [] }
contracts:
  vault: 5
  treasury: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a", role: protectd, abi: true }
monitors: [a]
routes: { notify: ops }
console: { port: 99999 }
alerts: 1h
`),
  ).toMatchInlineSnapshot(`
    "19 problems in tocsin.yaml:

    tocsin.yaml:1:1  \`protocol\` must be a text, and is a list.
        protocol: [a]
        ^^^^^^^^

    tocsin.yaml:3:18  \`id\` must be a number, and is a text.
        mainnet: { id: "1", rpc: 7, confirmations: -1, poll: 5, startAt: soon, explorer: etherscan }
                       ^^^

    tocsin.yaml:3:28  \`rpc\` must be a URL, or env:NAME.
        mainnet: { id: "1", rpc: 7, confirmations: -1, poll: 5, startAt: soon, explorer: etherscan }
                                 ^

    tocsin.yaml:3:46  \`confirmations\` must be at least 0.
        mainnet: { id: "1", rpc: 7, confirmations: -1, poll: 5, startAt: soon, explorer: etherscan }
                                                   ^^

    tocsin.yaml:3:56  \`poll\` must be a number and a unit, such as 30s, 5m, 1h or 90d.
        mainnet: { id: "1", rpc: 7, confirmations: -1, poll: 5, startAt: soon, explorer: etherscan }
                                                             ^

    tocsin.yaml:3:68  \`startAt\` must be the number of a block, or latest.
        mainnet: { id: "1", rpc: 7, confirmations: -1, poll: 5, startAt: soon, explorer: etherscan }
                                                                         ^^^^

    tocsin.yaml:3:84  \`explorer\` must be a URL such as https://etherscan.io.
        mainnet: { id: "1", rpc: 7, confirmations: -1, poll: 5, startAt: soon, explorer: etherscan }
                                                                                         ^^^^^^^^^

    tocsin.yaml:4:3  \`base\` has no value.
        base:
        ^^^^

    tocsin.yaml:5:3  \`42\` must be a name of letters, digits, - and _ that begins with a letter.
        42: { id: 1.5, rpc: [] }
        ^^

    tocsin.yaml:5:13  \`id\` must be a whole number.
        42: { id: 1.5, rpc: [] }
                  ^^^

    tocsin.yaml:5:18  \`rpc\` must not be empty.
        42: { id: 1.5, rpc: [] }
                       ^^^

    tocsin.yaml:7:10  \`vault\` must be a group of names and values, and is a number.
        vault: 5
               ^

    tocsin.yaml:8:3  \`treasury\` does not say on which chain it stands.
        treasury: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a", role: protectd, abi: true }
        ^^^^^^^^
        Add \`chain:\`. There is: 42, mainnet, base.

    tocsin.yaml:8:76  \`role\` must be one of protected, dependency.
        treasury: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a", role: protectd, abi: true }
                                                                                 ^^^^^^^^
        Did you mean \`protected\`?

    tocsin.yaml:8:91  \`abi\` must be the path of a file, or a list of signatures.
        treasury: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a", role: protectd, abi: true }
                                                                                                ^^^^

    tocsin.yaml:9:1  \`monitors\` must be a group of names and values, and is a list.
        monitors: [a]
        ^^^^^^^^

    tocsin.yaml:10:1  \`routes\` must be a list, and is a group of names and values.
        routes: { notify: ops }
        ^^^^^^

    tocsin.yaml:11:18  \`port\` must be at most 65535.
        console: { port: 99999 }
                         ^^^^^

    tocsin.yaml:12:9  \`alerts\` must be a group of names and values, and is a text.
        alerts: 1h
                ^^"
  `)
})

test('secrets that are not there, and references that are none', () => {
  expect(
    said(`chains:
  mainnet: { id: 1, rpc: [env:NOT_SET, env:EMPTY, "file:no.txt", file:empty.txt, "file:/dev/zero"] }
${contracts}channels:
  ops: { use: slack, options: { url: env:${secret} } }
`),
  ).toMatchInlineSnapshot(`
    "6 problems in tocsin.yaml:

    tocsin.yaml:2:27  The environment variable NOT_SET is not set.
        mainnet: { id: 1, rpc: [env:NOT_SET, env:EMPTY, "file:no.txt", file:empty.txt, "file:/dev/zero"] }
                                ^^^^^^^^^^^
        Set it before you start: export NOT_SET=…

    tocsin.yaml:2:40  The environment variable EMPTY is empty.
        mainnet: { id: 1, rpc: [env:NOT_SET, env:EMPTY, "file:no.txt", file:empty.txt, "file:/dev/zero"] }
                                             ^^^^^^^^^
        Set it before you start: export EMPTY=…

    tocsin.yaml:2:51  The file no.txt is not there.
        mainnet: { id: 1, rpc: [env:NOT_SET, env:EMPTY, "file:no.txt", file:empty.txt, "file:/dev/zero"] }
                                                        ^^^^^^^^^^^^^
        Its path is relative to the folder of the config.

    tocsin.yaml:2:66  The file empty.txt is empty.
        mainnet: { id: 1, rpc: [env:NOT_SET, env:EMPTY, "file:no.txt", file:empty.txt, "file:/dev/zero"] }
                                                                       ^^^^^^^^^^^^^^
        It should hold the secret and nothing else.

    tocsin.yaml:2:82  The file /dev/zero is no ordinary file.
        mainnet: { id: 1, rpc: [env:NOT_SET, env:EMPTY, "file:no.txt", file:empty.txt, "file:/dev/zero"] }
                                                                                       ^^^^^^^^^^^^^^^^
        Its path is relative to the folder of the config.

    tocsin.yaml:6:38  After \`env:\` stands no name of an environment variable.
        ops: { use: slack, options: { url: *************************** } }
                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^
        Such as \`env:SLACK_URL\`."
  `)
})

test('secrets given in clear are not repeated', () => {
  expect(
    said(`chains:
  mainnet: { id: 1, rpc: "https://rpc.example/v3/${secret}", pol: 1s }
${contracts}channels:
  ops: { use: slack, options: { url: "https://hooks.example/${secret}" } }
  mail:
    use: email
    options: { host: mail.example, user: ana, password: ${secret}, from: a@b.example, to: [c@d.example], tls: startls }
  hook: { use: webhook, options: { url: env:URL_A, signingSecret: env:SHORT } }
heartbeat: { url: "https://${secret}@beat.example" }
`),
  ).toMatchInlineSnapshot(`
    "6 problems in tocsin.yaml:

    tocsin.yaml:2:76  The key \`pol\` is not known here.
        mainnet: { id: 1, rpc: "https://rpc.example***************************", pol: 1s }
                                                                                 ^^^
        Did you mean \`poll\`?

    tocsin.yaml:6:38  \`url\`: write a reference, env:NAME or file:PATH, never the value itself.
        ops: { use: slack, options: { url: *********************************************** } }
                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    tocsin.yaml:9:57  \`password\`: write a reference, env:NAME or file:PATH, never the value itself.
        options: { host: ************, user: ***, password: ***********************, from: ***********, to: [***********], t
                                                            ^^^^^^^^^^^^^^^^^^^^^^^

    tocsin.yaml:9:125  \`tls\` must be one of starttls, implicit, none.
        ***************, from: ***********, to: [***********], tls: ******* }
                                                                    ^^^^^^^
        Did you mean \`starttls\`?

    tocsin.yaml:10:67  The environment variable SHORT is not set.
        hook: { use: webhook, options: { url: env:URL_A, signingSecret: env:SHORT } }
                                                                        ^^^^^^^^^
        Set it before you start: export SHORT=…

    tocsin.yaml:11:19  \`url\`: write a reference, env:NAME or file:PATH, never the value itself.
        heartbeat: { url: ********************************************** }
                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"
  `)
})

test('a secret that does not fit is not shown', () => {
  expect(
    said(`${good}channels:
  ops: { use: slack, options: { url: file:secret.txt } }
  hook: { use: webhook, options: { url: env:URL_A, signingSecret: file:secret.txt } }
`),
  ).toMatchInlineSnapshot(`
    "2 problems in tocsin.yaml:

    tocsin.yaml:6:38  \`url\`: the secret does not hold an https URL.
        ops: { use: slack, options: { url: file:secret.txt } }
                                           ^^^^^^^^^^^^^^^

    tocsin.yaml:7:67  \`signingSecret\`: the secret is shorter than 24 bytes.
        hook: { use: webhook, options: { url: env:URL_A, signingSecret: file:secret.txt } }
                                                                        ^^^^^^^^^^^^^^^"
  `)
})

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

test('rules, each problem at its place in the file, however the rule is written', () => {
  expect(
    said(`${good}monitors:
  flow: { use: expression, on: vault, when: event Withdraw if asets > 1 }
  quoted:
    use: expression
    when: 'event Withdraw if assets > "x" and whoo == $nobody'
  double: { use: expression, when: "event Withdraw if who == \\"0x1\\" or asets > 1" }
  literal:
    use: expression
    when: |
      event Withdraw
        if assets > 1
          and asets > 2
  folded:
    use: expression
    when: >-
      event Withdraw
      if
      asets > 2
  unknown: { use: expression, when: event Withdrawn }
  none: { use: expression }
  needless: { use: outflow-cap, when: event Withdraw }
`),
  ).toMatchInlineSnapshot(`
    "11 problems in tocsin.yaml:

    tocsin.yaml:6:63  \`asets\` is not known.
        flow: { use: expression, on: vault, when: event Withdraw if asets > 1 }
                                                                    ^^^^^
        Did you mean \`assets\`?

    tocsin.yaml:9:30  \`>\` has an integer on its left and a string on its right.
        when: 'event Withdraw if assets > "x" and whoo == $nobody'
                                 ^^^^^^^^^^^^

    tocsin.yaml:9:47  \`whoo\` is not known.
        when: 'event Withdraw if assets > "x" and whoo == $nobody'
                                                  ^^^^
        Did you mean \`who\`?

    tocsin.yaml:9:55  The config names no contract \`nobody\` on this chain.
        when: 'event Withdraw if assets > "x" and whoo == $nobody'
                                                          ^^^^^^^
        The contracts of this chain are $vault.

    tocsin.yaml:10:55  \`==\` has an address on its left and a string on its right.
        double: { use: expression, when: "event Withdraw if who == \\"0x1\\" or asets > 1" }
                                                            ^^^^^^^^^^^^^^

    tocsin.yaml:10:73  \`asets\` is not known.
        double: { use: expression, when: "event Withdraw if who == \\"0x1\\" or asets > 1" }
                                                                              ^^^^^
        Did you mean \`assets\`?

    tocsin.yaml:16:15  \`asets\` is not known.
        and asets > 2
            ^^^^^
        Did you mean \`assets\`?

    tocsin.yaml:22:7  \`asets\` is not known.
        asets > 2
        ^^^^^
        Did you mean \`assets\`?

    tocsin.yaml:23:43  The ABI of \`vault\` has no event \`Withdrawn\`.
        unknown: { use: expression, when: event Withdrawn }
                                                ^^^^^^^^^
        Did you mean \`Withdraw\`?

    tocsin.yaml:24:3  \`expression\` needs a rule under \`when\`.
        none: { use: expression }
        ^^^^
        Such as \`when: event Transfer if value > 1_000e18\`.

    tocsin.yaml:25:39  \`outflow-cap\` takes no rule under \`when\`.
        needless: { use: outflow-cap, when: event Withdraw }
                                            ^^^^^^^^^^^^^^"
  `)
})

test('addresses', () => {
  expect(
    said(`${chains}contracts:
  short: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf3" }
  unquoted: { address: 0x7bfa7c4f149e7415b73bdedfe609237e29cbf34 }
  checksum: { address: "0xdAC17F958D2ee523a2206206994597C13D831ec8" }
  name: { address: vitalik.eth }
  missing: { kind: safe }
`),
  ).toMatchInlineSnapshot(`
    "5 problems in tocsin.yaml:

    tocsin.yaml:4:21  \`address\` must be an address: 0x and 40 hex digits, and these are 38.
        short: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf3" }
                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    tocsin.yaml:5:24  \`address\` must be an address: 0x and 40 hex digits, and these are 39.
        unquoted: { address: 0x7bfa7c4f149e7415b73bdedfe609237e29cbf34 }
                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    tocsin.yaml:6:24  \`address\` has a wrong checksum: compare it with where you have it from. With these digits it would be 0xdaC17F958d2Ee523a2206206994597c13D831EC8.
        checksum: { address: "0xdAC17F958D2ee523a2206206994597C13D831ec8" }
                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    tocsin.yaml:7:20  \`address\` must be an address: 0x and 40 hex digits.
        name: { address: vitalik.eth }
                         ^^^^^^^^^^^

    tocsin.yaml:8:3  The key \`address\` is missing here.
        missing: { kind: safe }
        ^^^^^^^"
  `)
  const unquoted = `${chains}contracts:\n  a: { address: 0x00000000219ab540356cBB839Cbe05303d7705Fa }\n  b: { address: "0XDAC17F958D2EE523A2206206994597C13D831EC7".toLowerCase() }\n`
  expect(said(unquoted)).toMatchInlineSnapshot(`
    "One problem in tocsin.yaml:

    tocsin.yaml:5:61  This is no YAML: unexpected scalar at node end.
        b: { address: "0XDAC17F958D2EE523A2206206994597C13D831EC7".toLowerCase() }
                                                                  ^^^^^^^^^^^^^^"
  `)
})

test('ABIs', () => {
  expect(
    said(`${chains}contracts:
  a: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf340", abi: ./missing.json }
  b: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf341", abi: no.json }
  c: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf342", abi: other.json }
  d:
    address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf343"
    abi:
      - event Paused(address account)
      - event Unpaused(address acc ount, uint7 x)
  e: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf344", abi: . }
monitors:
  pause: { use: expression, on: d, when: event Paused }
`),
  ).toMatchInlineSnapshot(`
    "5 problems in tocsin.yaml:

    tocsin.yaml:4:68  The ABI file ./missing.json is not there.
        a: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf340", abi: ./missing.json }
                                                                         ^^^^^^^^^^^^^^

    tocsin.yaml:5:68  The ABI file no.json holds no JSON.
        b: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf341", abi: no.json }
                                                                         ^^^^^^^

    tocsin.yaml:6:68  The file other.json holds no ABI: its item 2 is no event, function or error (type).
        c: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf342", abi: other.json }
                                                                         ^^^^^^^^^^

    tocsin.yaml:11:9  This signature cannot be read: Invalid ABI parameter.
        - event Unpaused(address acc ount, uint7 x)
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    tocsin.yaml:12:68  The ABI file . is no ordinary file.
        e: { address: "0x7bfa7c4f149e7415b73bdedfe609237e29cbf344", abi: . }
                                                                         ^"
  `)
})

test('durations', () => {
  expect(
    said(
      `${good}alerts: { resolveAfter: 1 hour, updateEvery: 0s }\nretention: { findings: 1y, messages: -1d }\nheartbeat: { url: env:URL_A, every: 60 }\n`,
    ),
  ).toMatchInlineSnapshot(`
    "5 problems in tocsin.yaml:

    tocsin.yaml:5:25  \`resolveAfter\` must be a number and a unit, such as 30m or 1h, or never.
        alerts: { resolveAfter: 1 hour, updateEvery: 0s }
                                ^^^^^^

    tocsin.yaml:5:46  \`updateEvery\` must be a number and a unit, such as 30s, 5m, 1h or 90d.
        alerts: { resolveAfter: 1 hour, updateEvery: 0s }
                                                     ^^

    tocsin.yaml:6:24  \`findings\` must be a number and a unit, such as 30s, 5m, 1h or 90d.
        retention: { findings: 1y, messages: -1d }
                               ^^

    tocsin.yaml:6:38  \`messages\` must be a number and a unit, such as 30s, 5m, 1h or 90d.
        retention: { findings: 1y, messages: -1d }
                                             ^^^

    tocsin.yaml:7:37  \`every\` must be a number and a unit, such as 30s, 5m, 1h or 90d.
        heartbeat: { url: env:URL_A, every: 60 }
                                            ^^"
  `)
})

test('numbers that are too large', () => {
  expect(
    said(
      `chains:\n  mainnet: { id: 99999999999999999999, rpc: env:URL_A, startAt: 1e400, confirmations: 100000 }\n${contracts}`,
    ),
  ).toMatchInlineSnapshot(`
    "3 problems in tocsin.yaml:

    tocsin.yaml:2:18  \`id\` is too large.
        mainnet: { id: 99999999999999999999, rpc: env:URL_A, startAt: 1e400, confirmations: 100000 }
                       ^^^^^^^^^^^^^^^^^^^^

    tocsin.yaml:2:65  \`startAt\` must be the number of a block, or latest.
        mainnet: { id: 99999999999999999999, rpc: env:URL_A, startAt: 1e400, confirmations: 100000 }
                                                                      ^^^^^

    tocsin.yaml:2:87  \`confirmations\` must be at most 10000.
        mainnet: { id: 99999999999999999999, rpc: env:URL_A, startAt: 1e400, confirmations: 100000 }
                                                                                            ^^^^^^"
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

test.each([
  ['an empty file', ''],
  ['only a comment', '# nothing yet\n'],
  ['a list', '- a\n- b\n'],
  ['a text', 'hello'],
  ['nothing needed', 'protocol: Acme\n'],
  ['empty groups', 'chains: {}\ncontracts:\n'],
  ['tabs', 'chains:\n\tmainnet: { id: 1 }\n'],
  ['an open bracket', 'chains: { mainnet: { id: 1, rpc: env:URL_A }\ncontracts: {}\n'],
  ['a wrong indent', 'chains:\n  a:\n    id: 1\n   rpc: 2\n'],
  ['a colon too much', 'chains: a: b\n'],
  ['two documents', 'chains: {}\n---\nchains: {}\n'],
  ['an alias to nowhere', 'chains: *nobody\n'],
  ['an alias to itself', 'chains: &a { b: *a }\n'],
  ['a strange tag', 'chains: !!js/function "x"\n'],
  ['UTF-16', Buffer.from('\ufeffchains: {}', 'utf16le')],
  ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2])],
  ['broken UTF-8', Buffer.from([0x61, 0x3a, 0xff, 0xfe])],
  ['2 MB', `# ${'x'.repeat(2 * 1024 * 1024)}`],
])('%s', (_what, text) => {
  expect(said(text)).toMatchSnapshot()
})

test('a secret in a line that is no YAML', () => {
  expect(
    said(`channels:\n  ops: { url: "https://hooks.example/${secret}", password: ${secret}, : ] }\n`),
  ).toMatchInlineSnapshot(`
    "One problem in tocsin.yaml:

    tocsin.yaml:2:101  This is no YAML: flow map in block collection must be sufficiently indented and end with a }.
        ops: { url: "https://hooks.example************************", password: ***********************, : ] }
                                                                                                          ^"
  `)
})

test('what would fill the memory', () => {
  const bomb = [
    'a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
    ...Array.from(
      { length: 9 },
      (_, index) => `a${index + 1}: &a${index + 1} [${Array(10).fill(`*a${index}`).join(', ')}]`,
    ),
  ]
  expect(said(bomb.join('\n'))).toMatchInlineSnapshot(`
    "One problem in tocsin.yaml:

    tocsin.yaml:1:1  The file holds more than 100,000 values, aliases counted each time.
        a0: &a0 [x, x, x, x, x, x, x, x, x, x]
        ^"
  `)
  expect(said(`a: ${'['.repeat(60)}${']'.repeat(60)}`)).toMatchInlineSnapshot(`
    "One problem in tocsin.yaml:

    tocsin.yaml:1:1  The file is nested more than 50 levels deep.
        a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
        ^"
  `)
  expect(said(`a: ${'['.repeat(100_000)}`)).toMatch(/^One problem|^\d+ problems/)
})

test('a config that is not there', () => {
  expect(() => loadConfig(join(folder, 'none.yaml'), plugIns, {})).toThrow(/none\.yaml is not there\./)
  expect(() => loadConfig(folder, plugIns, {})).toThrow(/is no ordinary file\./)
})

test('says that a secret is missing, rather than that its value was written', () => {
  expect(
    said(`chains:
  mainnet: { id: 1, rpc: "https://rpc.example" }
${contracts}channels:
  hook: { use: webhook, options: { url: env:URL_A } }
`),
  ).toContain('`signingSecret` is missing: write a reference, env:NAME or file:PATH.')
})

test('a bridge of which one side is not there', () => {
  const [one, other] = ['0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a', '0x00000000000000000000000000000000000000aa']
  const world = `chains: { home: { id: 1, rpc: env:URL_A }, away: { id: 2, rpc: env:URL_A } }
contracts:
  box: { chain: home, address: "${one}", abi: ["event Sent(uint256 id, uint256 amount, bool fast)"] }
  mint: { chain: away, address: "${other}", abi: ["event Got(uint256 id, uint256 amount)", "event Got(uint256 id)"] }
monitors:
`
  const released = 'released: { contract: $mint, event: "Got(uint256,uint256)", id: id, amount: amount }'
  expect(
    said(`${world}  a: { use: bridge-conservation, options: { locked: { contract: $boks, event: Sent, id: id, amount: amount }, ${released} } }
  b: { use: bridge-conservation, options: { locked: { contract: $box, event: Sentt, id: id, amount: amount }, ${released} } }
  c: { use: bridge-conservation, options: { locked: { contract: $box, event: Sent, id: nonce, amount: amount }, ${released} } }
  d: { use: bridge-conservation, options: { locked: { contract: $box, event: Sent, id: id, amount: fast }, ${released} } }
  e: { use: bridge-conservation, options: { locked: { contract: $box, event: Sent, id: id, amount: amount }, released: { contract: $mint, event: Got, id: id, amount: amount } } }
  f: { use: bridge-conservation, on: box, options: { locked: { contract: box, event: Sent, id: id, amount: amount }, ${released} } }
  g: { use: bridge-conservation, options: { locked: { contract: $box, event: Sent, id: id, amount: amount }, ${released}, tokens: [{ locked: $mint, released: $mint }] } }
  h: { use: bridge-conservation, options: { locked: { contract: $box, event: Sent, id: [id, fast], amount: amount }, ${released} } }
`),
  ).toMatchInlineSnapshot(`
    "9 problems in tocsin.yaml:

    tocsin.yaml:6:34  There is no contract \`boks\`.
        a: { use: bridge-conservation, options: { locked: { contract: $boks, event: Sent, id: id, amount: amount }, released:
                                       ^^^^^^^
        There is: box, mint.

    tocsin.yaml:7:3  The ABI of \`box\` has no event \`Sentt\`.
        b: { use: bridge-conservation, options: { locked: { contract: $box, event: Sentt, id: id, amount: amount }, released:
        ^
        Did you mean \`Sent\`?

    tocsin.yaml:8:3  \`Sent(uint256,uint256,bool)\` under \`locked\` has no parameter \`nonce\`.
        c: { use: bridge-conservation, options: { locked: { contract: $box, event: Sent, id: nonce, amount: amount }, released
        ^
        It has id, amount, fast.

    tocsin.yaml:9:3  \`fast\` of \`Sent(uint256,uint256,bool)\` is bool, and should be an unsigned integer.
        d: { use: bridge-conservation, options: { locked: { contract: $box, event: Sent, id: id, amount: fast }, released: { c
        ^

    tocsin.yaml:10:3  \`mint\` has 2 events \`Got\`.
        e: { use: bridge-conservation, options: { locked: { contract: $box, event: Sent, id: id, amount: amount }, released: {
        ^
        Write its signature: Got(uint256,uint256) or Got(uint256).

    tocsin.yaml:11:38  \`bridge-conservation\` takes no \`on\`.
        f: { use: bridge-conservation, on: box, options: { locked: { contract: box, event: Sent, id: id, amount: amount }, rel
                                           ^^^
        Its options name the contracts that it watches.

    tocsin.yaml:11:74  \`contract\`: write $name.
        ridge-conservation, on: box, options: { locked: { contract: box, event: Sent, id: id, amount: amount }, released: { cont
                                                                    ^^^

    tocsin.yaml:12:3  The token $mint is no contract of the config on chain "home".
        g: { use: bridge-conservation, options: { locked: { contract: $box, event: Sent, id: id, amount: amount }, released: {
        ^
        Add it under contracts:, or write its address.

    tocsin.yaml:13:3  \`id\` is 2 of the event under \`locked\` and 1 of that under \`released\`.
        h: { use: bridge-conservation, options: { locked: { contract: $box, event: Sent, id: [id, fast], amount: amount }, rel
        ^
        Name the same message on both sides by as many parameters."
  `)
})
