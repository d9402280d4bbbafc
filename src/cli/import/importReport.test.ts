import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { abi, at, good, importScene, ozMonitorOf, testnet, token } from '../../../test/harness/importScene.ts'
import { account } from '../../../test/harness/node/block.ts'
import { plugIns } from '../../app/plugIns.ts'
import { loadConfig } from '../../config/loadConfig.ts'

const scene = importScene()
afterAll(() => scene.remove())

const addresses = at(token)
const events = [{ signature: 'Transfer(address,address,uint256)', expression: null }]
/** `<event_0_to>` as it stands in a message. */
const variables = (text: string) => text.replace(/<([a-z_.0-9]+)>/g, (_, name: string) => `$\{${name}}`)

describe('the message of a trigger becomes the title', () => {
  test.each([
    [
      'new variables',
      'Large transfer of <events.0.args.value> from <events.0.args.from> | https://etherscan.io/tx/<transaction.hash>#eventlog',
      'Large transfer of {value} from {from}',
    ],
    [
      'old variables',
      '**<monitor_name>**: <event_0_value> to `<event_0_to>`\n\n[View](https://etherscan.io/tx/<transaction_hash>)',
      'good: {value} to {to}',
    ],
    ['places', '<monitor.name>: <events.0.signature> <events.0.args.2>', 'good: Transfer {value}'],
    ['a message without variables', 'Look at <https://x.example>', 'Look at <https://x.example>'],
    ['braces of its own', 'odd {x} <event_0_to>', 'odd x {to}'],
  ])('%s', (_, body, title) => {
    scene.withTriggers({
      a: {
        name: 'a',
        trigger_type: 'slack',
        config: { slack_url: 'https://x.example', message: { title: 'Alert', body: variables(body) } },
      },
    })
    expect(scene.written().monitors.good?.options).toEqual({ title })
  })

  test('or only its heading, where the body speaks of what a title cannot', () => {
    const body = 'of <events.1.args.value> by <transaction.from>'
    scene.withTriggers({
      a: {
        name: 'a',
        trigger_type: 'slack',
        config: { slack_url: 'https://x.example', message: { title: 'Alert', body: variables(body) } },
      },
    })
    expect(scene.written().monitors.good?.options).toEqual({ title: 'Alert' })
    const nothing = { title: variables('<network.slug>'), body: variables(body) }
    const { words } = scene.withTriggers({
      a: { name: 'a', trigger_type: 'slack', config: { slack_url: 'https://x.example', message: nothing } },
    })
    expect(scene.written().monitors.good).not.toHaveProperty('options')
    expect(words('lost')).toEqual([expect.stringContaining('good: Its message')])
  })
})

describe('what was silently broken is told', () => {
  test.each([
    ['no address', { addresses: [], events }, 'Its list of addresses is empty, and then nothing matches.'],
    [
      'a typo in a signature',
      { addresses, events: [{ signature: 'Transfer(address,uint256)' }] },
      '`Transfer(address,uint256)`: The ABI has no event `Transfer(address,uint256)`.',
    ],
    [
      'a typo in a name',
      { addresses, events: [{ ...events[0], expression: 'valeu > 5' }] },
      '`Transfer(address,address,uint256) if valeu > 5`: There is no parameter `valeu`.',
    ],
    [
      'no ABI',
      { addresses: [{ address: account(0x71) }], events: [{ signature: 'Odd(uint256)' }] },
      '`Odd(uint256)`: No ABI is given, and no standard has the event `Odd(uint256)`.',
    ],
    [
      'an event of failed transactions',
      { addresses, events, transactions: [{ status: 'Failure' }] },
      '`Transfer(address,address,uint256)`: A transaction that failed leaves no events, so that this can never be.',
    ],
    [
      'a typo about the transaction',
      { addresses, events, transactions: [{ status: 'Any', expression: 'gas > 5' }] },
      '`gas > 5`: There is no parameter `gas`.',
    ],
  ])('%s', (_, given, sentence) => {
    const { words, imported } = scene.monitors(good, ozMonitorOf('broken', given))
    expect(words('dead')).toEqual([`broken: ${sentence}`])
    expect(words('lost')[0]).toMatch(/^broken: /)
    expect(imported.monitors.map(({ name }) => name)).toEqual(['good'])
  })

  test('and carried over where it is clear what was meant', () => {
    const { words, imported } = scene.monitors(
      ozMonitorOf('standard', {
        addresses: [{ address: token }],
        events: [{ signature: 'Transfer(address, address, uint)', expression: 'value > 5' }],
      }),
      ozMonitorOf('selector', {
        addresses: [{ address: account(0x71) }],
        functions: [{ signature: 'sweep(address, uint)' }],
        transactions: [{ status: 'Failure' }],
      }),
    )
    expect(words('lost')).toEqual([])
    expect(imported.monitors.map(({ when }) => when)).toEqual([
      'event Transfer if value > 5',
      'transaction if tx.to == this and tx.selector == 0x5ba1c1bb and tx.status == "reverted"'.replace(
        '0x5ba1c1bb',
        '0x6ea056a9',
      ),
    ])
    expect(words('dead').filter((line) => line.includes('without an ABI'))).toHaveLength(2)
  })
})

describe('what a folder holds', () => {
  test('is carried with its scripts listed, paused monitors off, and each monitor with where it came from', () => {
    const script = { script_path: './filter.py', arguments: [], language: 'Python', timeout_ms: 1000 }
    const made = scene.withTriggers(
      {
        run: { name: 'x', trigger_type: 'script', config: { script_path: './x.sh', language: 'Bash', timeout_ms: 5 } },
      },
      { trigger_conditions: [script], paused: true },
    )
    expect(made.words('lost')).toEqual([
      expect.stringMatching(/^good: The filter script \.\/filter\.py does not run here/),
      expect.stringMatching(/^run: Scripts are not run/),
    ])
    expect(scene.written().monitors.good).toEqual({
      use: 'expression',
      on: 'contract_000000',
      when: 'event Transfer',
      mode: 'off',
    })
    expect(made.text).toContain('  # from monitors/a.json, "good", event Transfer(address,address,uint256)\n  good:')
    expect(made.text).toContain('#   - run: Scripts are not run')
  })

  test('may be in the form of older versions', () => {
    const old = ozMonitorOf('old', {
      addresses: [{ address: token, abi }],
      events,
      trigger_conditions: { script_path: './old.sh', language: 'Bash', timeout_ms: 5 },
    })
    const network = { ...testnet, rpc_urls: [{ type_: 'rpc', url: 'https://x.example/s3cret' }] }
    const { imported, words } = scene.import({ 'config/networks/a.json': network, 'config/monitors/a.json': old })
    expect(imported.monitors.map(({ when }) => when)).toEqual(['event Transfer'])
    expect(imported.chains[0]?.rpc).toEqual(['env:OZ_RPC_TESTNET'])
    expect(words('lost')).toEqual([expect.stringContaining('The filter script ./old.sh does not run here')])
  })

  test('is read although a part of it is broken', () => {
    const deep = `${'['.repeat(100)}${']'.repeat(100)}`
    const { words, imported } = scene.import({
      'networks/a.json': testnet,
      'monitors/a.json': good,
      'monitors/b.json': '{ "name": ',
      'monitors/c.json': deep,
      'monitors/d.json': Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1'),
      'monitors/e.json': { ...good, name: 5 },
      'monitors/f.json': { ...good, match_conditions: { events: [{ expression: null }] } },
      'monitors/g.json': { name: 'nothing' },
      'monitors/h.json': { ...good, name: 'newer', quorum: 2 },
      'monitors/i.json': ' '.repeat(5 * 1024 * 1024),
      'monitors/notes.txt': 'no JSON',
    })
    expect(imported.monitors.map(({ name }) => name)).toEqual(['good', 'newer'])
    expect(words('lost')).toEqual([
      'monitors/b.json: The file holds no JSON.',
      'monitors/c.json: The file is nested more than 40 levels deep.',
      'monitors/d.json: The file holds no JSON.',
      'monitors/i.json: The file is larger than 4096 KiB.',
      'monitors/g.json: It is no network, no monitor and no list of triggers.',
      'monitors/e.json: `name` must be a text, and is a number.',
      'monitors/f.json: `match_conditions.events.0.signature` is missing.',
      'monitors/h.json: The importer does not know quorum.',
    ])
  })

  test('cannot write into the config, whatever it is called', () => {
    const evil = 'x\n  evil: { use: expression }\n# \u202e"'
    const made = scene.withTriggers(
      {
        [evil]: {
          name: evil,
          trigger_type: 'slack',
          config: { slack_url: 'https://x.example', message: { title: evil, body: evil } },
        },
      },
      {
        name: evil,
        events: [{ ...events[0], expression: `value > 5 OR ${evil}` }, ...events],
        networks: ['testnet', evil],
      },
    )
    expect(Object.keys(scene.written().monitors)).toEqual(['x-evil-use-expression'])
    expect(made.text).not.toMatch(/\u202e|^ {2}evil:/m)
    expect([...made.words('lost'), ...made.words('dead')].join('')).not.toMatch(/[\n\u202e]/)
  })

  test('may be far too large: the first part of it is carried over', () => {
    const networks = Array.from({ length: 11 }, (_, index) => ({
      ...testnet,
      slug: `net${index}`,
      chain_id: index + 1,
    }))
    const many = Array.from({ length: 100 }, (_, index) => ({ address: account(index + 1) }))
    const monitor = ozMonitorOf('all', { networks: networks.map(({ slug }) => slug), addresses: many })
    const files = networks.map((network, index) => [`networks/${index}.json`, network])
    const { imported, words } = scene.import({ ...Object.fromEntries(files), 'monitors/a.json': monitor })
    expect(imported.contracts).toHaveLength(1000)
    expect(words('lost')).toEqual(['all: Some of its addresses: more than 1000 contracts are too many for one config.'])
  })

  test('has ABIs of which only what is broken is left out', () => {
    const odd = [
      ...abi,
      { type: 'event', name: 'Bad', inputs: [{ type: 'uint999', name: 'a' }] },
      { type: 'event', inputs: [] },
      5,
    ]
    const made = scene.monitors(ozMonitorOf('good', { addresses: [{ address: token, contract_spec: odd }], events }))
    expect(made.words('lost')).toEqual([`good: Of the ABI of ${token}, 3 items cannot be read.`])
    expect(loadConfig(scene.out, plugIns, made.env).contracts[0]?.abi).toHaveLength(abi.length)
  })

  test('may hold an address that was copied wrongly, and says so', () => {
    const wrong = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB49'
    const { words } = scene.monitors(
      ozMonitorOf('good', { addresses: [{ address: wrong, contract_spec: abi }], events }),
    )
    expect(words('changed')).toContain(
      `good: The checksum of ${wrong} is wrong: compare the address with where you have it from.`,
    )
  })

  test('overwrites no ABI and leaves none behind where the config cannot be written', () => {
    const files = { 'networks/a.json': testnet, 'monitors/a.json': good }
    scene.import(files)
    writeFileSync(join(dirname(scene.out), 'mine'), '')
    expect(() => scene.importTo(join(dirname(scene.out), 'mine', 'tocsin.yaml'), files)).toThrow(
      'cannot be written (ENOTDIR)',
    )
    expect(() => scene.importTo(join(dirname(scene.out), 'second.yaml'), files)).toThrow(
      'abi/contract_000000.json is there already.',
    )
  })
})
