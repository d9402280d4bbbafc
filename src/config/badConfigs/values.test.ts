import { expect, test } from 'vitest'
import { configScene, contracts, good } from '../../../test/harness/configScene.ts'

const { said } = configScene()

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
