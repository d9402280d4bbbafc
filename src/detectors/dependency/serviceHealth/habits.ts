import { z } from 'zod'
import { beat } from '../../../lib/rhythm.ts'
import type { Address } from '../../../model/chain.ts'
import { hexShape, remembered } from '../../remembered.ts'
import type { Deed } from './deedsIn.ts'
import { hear } from './saidValues.ts'

/** `shared`: others do it, too, so that nobody can be told from the service by it. `said`: the numbers that go with it. */
const taskShape = z.object({
  last: z.number(),
  gaps: z.array(z.number()),
  times: z.number(),
  shared: z.boolean(),
  said: z.array(z.object({ last: z.number().nullable(), largest: z.number(), steps: z.number() })),
})
type Task = z.output<typeof taskShape>

/** What is known of the services of one contract. Plain data of bounded size. */
const habitsShape = z.object({
  /** Unix seconds from which on it is watched. */
  since: z.number(),
  tasks: z.record(z.string(), taskShape),
  /** What others did before any service did. */
  open: z.array(z.string()),
  /** Who else was told of, or named by the contract. */
  met: z.array(hexShape),
  /** Works of the services; and since one of them did something new. */
  works: z.number(),
  settled: z.number(),
  /** Failed calls in a row now, and the longest row that ended well. */
  failing: z.number(),
  longestFailing: z.number(),
  /** A contract of the service does other work as well. */
  elsewhere: z.literal(true).exactOptional(),
})
export type Habits = z.output<typeof habitsShape>
export const rememberedHabits = remembered(habitsShape)

const [tasksMax, openMax, metMax] = [12, 64, 32]

export const newHabits = (since: number): Habits => ({
  ...{ since, tasks: {}, open: [], met: [], works: 0, settled: 0, failing: 0, longestFailing: 0 },
})

/** What a service did that it never did before. */
export function isNewTask({ tasks, open }: Habits, { task }: Deed): boolean {
  return tasks[task] === undefined && !open.includes(task)
}

/** The habits after one more deed, of a service or of somebody else. */
export function learnDeed(habits: Habits, deed: Deed, { ours, at }: { ours: boolean; at: number }): Habits {
  const { tasks, open, failing } = habits
  const known = tasks[deed.task]
  // What others send to a router fails for a hundred reasons, none of which need be here.
  if (deed.failed) return ours && (deed.direct || !habits.elsewhere) ? { ...habits, failing: failing + 1 } : habits
  if (ours) {
    const isNew = isNewTask(habits, deed)
    const hasRoom = known !== undefined || (!open.includes(deed.task) && Object.keys(tasks).length < tasksMax)
    const next = hasRoom ? { [deed.task]: timesMore(known, deed, at) } : {}
    return {
      ...habits,
      tasks: { ...tasks, ...next },
      works: habits.works + 1,
      settled: isNew ? 0 : habits.settled + 1,
      failing: 0,
      longestFailing: Math.max(habits.longestFailing, failing),
    }
  }
  if (known) {
    const shared = known.shared || known.times < ownTimes
    return { ...habits, tasks: { ...tasks, [deed.task]: { ...known, ...beat(known, at), shared } } }
  }
  return open.includes(deed.task) ? habits : { ...habits, open: [...open, deed.task].slice(-openMax) }
}

/** So often a service alone must have done something before it is strange that somebody else does it. */
export const ownTimes = 5

const timesMore = (known: Task | undefined, { direct, input }: Deed, at: number): Task => ({
  ...beat(known, at),
  times: (known?.times ?? 0) + 1,
  shared: known?.shared ?? false,
  said: direct ? hear(known?.said ?? [], input).said : (known?.said ?? []),
})

export function meet(habits: Habits, account: Address): Habits {
  return habits.met.includes(account) ? habits : { ...habits, met: [...habits.met, account].slice(-metMax) }
}
