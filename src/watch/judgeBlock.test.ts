import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { blockWith, claiming, judge, one, saying } from '../../test/harness/judgeScene.ts'
import { account, event, log, block as serveBlock, tx } from '../../test/harness/node/block.ts'
import { modelBlock } from '../../test/harness/scene.ts'
import { canaries, canary, claimOf, monitor, vault } from '../../test/harness/watchScene.ts'
import { remembered } from '../detectors/remembered.ts'
import type { Detection, Watch } from '../model/detector.ts'
import type { Json } from '../model/finding.ts'
import { type Read, readKey } from '../model/read.ts'
import { createDispatchIndex } from './dispatchIndex.ts'
import { judgeBlock } from './judgeBlock.ts'
import { createMonitorMemory } from './monitorMemory.ts'

describe('a detector that fails', () => {
  const hostile = (): Detection => {
    throw new Error(`cannot read "\u0000\u202e${'x'.repeat(5000)}"`)
  }

  test('is blind, with a reason that can be stored and shown, and the others go on', async () => {
    const { names, blind } = await judge([monitor('bad', saying(hostile)), monitor('good', claiming('a'))])
    expect(names).toEqual(['good'])
    expect(Object.keys(blind)).toEqual(['bad'])
    expect(blind.bad).toMatch(/^The detector failed: cannot read "\[U\+0000\]\[U\+202E\]x+…$/)
    expect(blind.bad!.length).toBeLessThanOrEqual(500)
  })

  test('is blind whatever it throws or gives', async () => {
    const wrongs: Record<string, () => unknown> = {
      text: () => {
        throw 'just text'
      },
      nothing: () => undefined,
      claims: () => ({ claims: 5 }),
      claim: () => ({ claims: [{ key: 'a' }] }),
      memory: () => ({ memory: { big: 5n } }),
      key: () => ({ memory: { 'a\0b': 1 } }),
    }
    const monitors = Object.entries(wrongs).map(([name, detect]) => monitor(name, saying(detect as Watch['detect'])))
    const { blind, names, memory } = await judge([...monitors, monitor('good', claiming('a'))])
    expect(Object.keys(blind)).toEqual(Object.keys(wrongs))
    expect(names).toEqual(['good'])
    expect(memory).toEqual([])
  })

  test('leaves nothing half done', async () => {
    const half = saying(({ logs }) => ({
      claims: [claimOf(logs[0]!)],
      cleared: ['x'],
      memory: { a: 1, big: 5n as never },
    }))
    expect(await judge([monitor('half', half)])).toMatchObject({
      sighted: [],
      cleared: [],
      memory: [],
      blind: { half: expect.anything() },
    })
  })

  test('forgets what it cannot read of its own memory, says so, and goes on with the next block', async () => {
    const count = remembered(z.number())
    const counting = saying((_, memory) => ({ memory: { blocks: (count(memory, 'blocks') ?? 0) + 1 } }))
    const index = createDispatchIndex([monitor('counts', counting)])
    const memory = createMonitorMemory([
      { monitor: 'counts', key: 'blocks', value: 'many' },
      { monitor: 'counts', key: 'other', value: 'kept' },
    ])
    const next = async () => {
      const judgement = await judgeBlock({ index, memory, readState: async () => new Map() }, one)
      memory.apply(judgement.memory)
      return { blind: [...judgement.blind.values()], blocks: memory.of('counts').get('blocks') }
    }
    expect(await next()).toEqual({
      blind: [expect.stringContaining('remembered under "blocks" is not of the shape')],
      blocks: undefined,
    })
    expect(await next()).toEqual({ blind: [], blocks: 1 })
    expect(await next()).toEqual({ blind: [], blocks: 2 })
    expect(memory.of('counts').get('other')).toBe('kept')
  })

  test('cannot change its memory behind our back', async () => {
    const sly = saying((_, memory) => {
      const list = memory.get('list') as Json[]
      list.push('sly')
      return {}
    })
    const memory = createMonitorMemory([{ monitor: 'sly', key: 'list', value: [] }])
    const index = createDispatchIndex([monitor('sly', sly)])
    const { blind } = await judgeBlock({ index, memory, readState: async () => new Map() }, one)
    expect([...blind.values()]).toEqual([expect.stringContaining('not extensible')])
    expect(memory.of('sly').get('list')).toEqual([])
  })
})

describe('state', () => {
  const read: Read = { at: 'parent', kind: 'balance', of: vault }
  const reading = (...reads: Read[]) =>
    saying(
      ({ logs, state }) => ({
        claims: reads.map((each) => claimOf(logs[0]!, { key: `${readKey(each)} ${JSON.stringify(state(each))}` })),
      }),
      { reads: () => reads },
    )

  test('is read in one request for all monitors, and each is handed what it asked for', async () => {
    const other: Read = { ...read, of: account(1) }
    const { asked, names } = await judge([
      monitor('a', reading(read)),
      monitor('b', reading(read, other)),
      monitor('c', claiming('x')),
    ])
    expect(asked).toEqual([[read, read, other]])
    expect(names).toEqual(['a', 'b', 'b', 'c'])
  })

  test('is not read where nobody needs it', async () => {
    expect((await judge([monitor('a', claiming('x'))])).asked).toEqual([])
  })

  test('that nobody asked for is no answer', async () => {
    const asking = saying(({ state }) => ({ blind: [JSON.stringify(state(read))] }))
    expect((await judge([monitor('a', asking)])).blind.a).toContain('not asked for')
  })

  test('that cannot be asked for makes blind, and the others go on', async () => {
    const throwing = saying(() => ({}), {
      reads() {
        throw new Error('no idea')
      },
    })
    const greedy = reading(...Array.from({ length: 5001 }, (_, n): Read => ({ ...read, of: account(n) })))
    const { blind, names } = await judge([
      monitor('bad', throwing),
      monitor('greedy', greedy),
      monitor('good', reading(read)),
    ])
    expect(blind).toEqual({ bad: 'The detector failed: no idea', greedy: expect.stringContaining('5001 questions') })
    expect(names).toEqual(['good'])
  })

  test('that nobody answers at all fails the block: it is judged later', async () => {
    const judging = judge([monitor('a', reading(read))], one, () => {
      throw new Error('down')
    })
    await expect(judging).rejects.toThrow('down')
  })
})

describe('claims', () => {
  test('are bounded, and what is cut off is said', async () => {
    const keys = Array.from({ length: 1005 }, (_, number) => String(number))
    const { sighted, blind } = await judge([monitor('flood', claiming(...keys))])
    expect(sighted).toHaveLength(1000)
    expect(blind.flood).toBe('5 more claims in one block')
  })

  test('that are the same are one finding', async () => {
    expect((await judge([monitor('twice', claiming('a', 'b', 'a'))])).sighted).toHaveLength(2)
  })

  test('keep their identity when their transaction comes to stand in another block', async () => {
    const moved = canary(5)
    const ids = []
    for (const transactions of [[moved], [canary(4), tx(), moved]]) {
      const { sighted } = await judge(
        [monitor('canaries', canaries)],
        modelBlock(serveBlock({ transactions, number: ids.length + 1 })),
      )
      ids.push(sighted.at(-1)!.finding.id)
    }
    expect(ids[0]).toBe(ids[1])
  })

  test('of different monitors, chains, transactions and keys are different findings', async () => {
    const ids = new Set<string>()
    for (const [name, chainId, block, key] of [
      ['a', 1, one, 'k'],
      ['b', 1, one, 'k'],
      ['a', 2, one, 'k'],
      ['a', 1, blockWith(log({ address: vault })), 'k'],
      ['a', 1, one, 'l'],
    ] as const) {
      const { sighted } = await judge([monitor(name, claiming(key), { chainId })], block)
      ids.add(sighted[0]!.finding.id)
    }
    expect(ids.size).toBe(5)
  })

  test('become findings that can be stored whatever they hold', async () => {
    const text = '\u0000\u202e\ud800'
    const claim = saying(({ logs }) => ({
      claims: [claimOf(logs[0]!, { title: text.repeat(200), facts: { [text]: text, big: 5n as never } })],
    }))
    const { sighted } = await judge([monitor('a', claim)])
    const { title, facts } = sighted[0]!.finding
    expect(title.length).toBeLessThanOrEqual(300)
    expect(JSON.stringify([title, facts])).not.toMatch(/\\u0000|\\ud800|\u202e/)
    expect(facts.big).toBe('5')
  })
})

test('an event that only looks like a canary is not handed over', async () => {
  const foreign = event('event Other(uint256 indexed number, uint256 amount)', vault, { number: 1n, amount: 1n })
  expect((await judge([monitor('canaries', canaries)], blockWith(foreign))).judged).toEqual([])
})
