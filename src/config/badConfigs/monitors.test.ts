import { expect, test } from 'vitest'
import { configScene, good } from '../../../test/harness/configScene.ts'

const { said } = configScene()

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
