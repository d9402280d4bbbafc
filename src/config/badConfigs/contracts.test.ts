import { expect, test } from 'vitest'
import { chains, configScene } from '../../../test/harness/configScene.ts'

const { said } = configScene()

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
