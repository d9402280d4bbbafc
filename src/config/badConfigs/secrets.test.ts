import { expect, test } from 'vitest'
import { configScene, contracts, good, secret } from '../../../test/harness/configScene.ts'

const { said } = configScene()

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

test('says that a secret is missing, rather than that its value was written', () => {
  expect(
    said(`chains:
  mainnet: { id: 1, rpc: "https://rpc.example" }
${contracts}channels:
  hook: { use: webhook, options: { url: env:URL_A } }
`),
  ).toContain('`signingSecret` is missing: write a reference, env:NAME or file:PATH.')
})
