import { describe, expect, test } from 'vitest'
import { claiming, everything, judge, one, saying } from '../../test/harness/judgeScene.ts'
import { account } from '../../test/harness/node/block.ts'
import { claimOf, monitor, vault } from '../../test/harness/watchScene.ts'
import type { Monitor } from '../model/monitor.ts'

describe('signs', () => {
  const sign = { stage: 'exploitation', restsOn: 'calls' } as const
  const joining = (seen: unknown[], about = [vault]) =>
    monitor('joins', {
      interests: [{ kind: 'sign', about }],
      detect({ signs = [] }) {
        seen.push(...signs.map(({ finding, actors }) => [finding.monitor, finding.title, actors]))
        return { claims: [{ ...claimOf(one.receipts![0]!.logs[0]!), title: 'joined' }] }
      },
    })
  const { from } = one.transactions[0]!

  test('are handed to those who want them after all others have judged', async () => {
    const seen: unknown[] = []
    const { names, judged } = await judge([joining(seen), monitor('first', claiming('a'), { sign })])
    expect(seen).toEqual([['first', 'A canary sang', [from]]])
    expect(names).toEqual(['joins', 'first'])
    expect(judged.map(({ name }) => name)).toEqual(['first', 'joins'])
  })

  test('name who did it where the claim does', async () => {
    const seen: unknown[] = []
    const named = saying(({ logs }) => ({ claims: [claimOf(logs[0]!, { actors: [account(9)] })] }))
    await judge([joining(seen), monitor('first', named, { sign })])
    expect(seen).toEqual([['first', 'A canary sang', [account(9)]]])
  })

  test('are not what runs in the shadow, what is no sign, and what is about others', async () => {
    const seen: unknown[] = []
    const first = (rest: Partial<Monitor>) => monitor('first', claiming('a'), rest)
    await judge([joining(seen), first({ sign, mode: 'shadow' })])
    await judge([joining(seen), first({})])
    await judge([joining(seen, [account(9)]), first({ sign })])
    expect(seen).toEqual([])
  })

  test('are bounded, whoever makes a monitor speak a thousand times', async () => {
    const seen: unknown[] = []
    const loud = claiming(...Array.from({ length: 5000 }, (_, n) => `${n}`))
    await judge([
      joining(seen),
      monitor('loud', loud, { sign, severity: 'low' }),
      monitor('grave', claiming('a'), { sign }),
    ])
    expect(seen).toHaveLength(200)
    expect(seen[0]).toEqual(['grave', 'A canary sang', [from]])
  })

  test('come beside what else their monitor wants, and go on to those that only join them', async () => {
    const seen: unknown[] = []
    const following = monitor(
      'follows',
      {
        interests: [{ kind: 'sign', about: [vault] }, ...everything],
        detect: ({ signs = [], logs }) => ({
          claims: [claimOf(logs[0]!, { key: 'followed', title: `followed ${signs.length}` })],
        }),
      },
      { sign },
    )
    const { judged, names } = await judge([joining(seen), following, monitor('first', claiming('a'), { sign })])
    expect(names).toEqual(['follows', 'joins', 'first'])
    expect(seen.map((each) => (each as string[])[1])).toEqual(['A canary sang', 'followed 1'])
    expect(judged.map(({ name }) => name)).toEqual(['follows', 'first', 'joins'])
    // Also where nobody found anything.
    const alone = await judge([following])
    expect(alone.sighted.map(({ finding }) => finding.title)).toEqual(['followed 0'])
  })
})
