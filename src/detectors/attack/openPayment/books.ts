import { z } from 'zod'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Json } from '../../../model/finding.ts'
import { hexShape, remembered } from '../../remembered.ts'

/** `closed`: payments that a stranger would not have got. `open`: who got one that anybody could have had. `told`: how often that was told. */
const habit = z.object({
  name: z.string(),
  closed: z.number(),
  open: z.array(hexShape),
  paid: z.number(),
  told: z.number(),
})
export type Habit = z.output<typeof habit>
const step = z.object({ sender: hexShape, time: z.number(), to: hexShape, data: hexShape })
type Step = z.output<typeof step>

const keys = { habits: 'habits', senders: 'senders', steps: 'steps', seen: 'seen' } as const
const rememberedHabits = remembered(z.array(habit))
const rememberedSenders = remembered(z.array(hexShape))
const rememberedSteps = remembered(z.array(step))
const rememberedSeen = remembered(z.number())

const max = { habits: 64, open: 3, senders: 128, steps: 32, stepsOfOne: 2, seen: 1_000 }
/** Of a call that made ready, in hex digits. */
const stepMax = 1_034
const daySeconds = 86_400

export type Books = ReturnType<typeof booksIn>

/** What was learned of functions that pay, of who calls, and of the calls by which somebody made ready. */
export function booksIn(memory: Memory) {
  const before = {
    habits: rememberedHabits(memory, keys.habits) ?? [],
    senders: rememberedSenders(memory, keys.senders) ?? [],
    steps: rememberedSteps(memory, keys.steps) ?? [],
    seen: rememberedSeen(memory, keys.seen) ?? 0,
  }
  const now = { ...before }
  return {
    get seen() {
      return now.seen
    },
    habit: (name: string): Habit | undefined => now.habits.find((each) => each.name === name),
    knows: (sender: Address): boolean => now.senders.includes(sender),
    /** As they were before the block. */
    stepsOf: (sender: Address, time: number): Step[] =>
      before.steps.filter((each) => each.sender === sender && time - each.time < daySeconds),
    learn(name: string, sender: Address, { open, told }: { open: boolean; told: boolean }) {
      const old = now.habits.find((each) => each.name === name) ?? { name, closed: 0, open: [], paid: 0, told: 0 }
      const isNew = open && !told && !old.open.includes(sender) && old.open.length < max.open
      const next: Habit = {
        name,
        closed: Math.min(old.closed + (open ? 0 : 1), max.seen),
        open: isNew ? [...old.open, sender] : old.open,
        paid: Math.min(old.paid + (told ? 0 : 1), max.seen),
        told: Math.min(old.told + (told ? 1 : 0), max.seen),
      }
      now.habits = [...now.habits.filter((each) => each.name !== name), next].slice(-max.habits)
    },
    meet(sender: Address) {
      now.seen = Math.min(now.seen + 1, max.seen)
      now.senders = [...now.senders.filter((each) => each !== sender), sender].slice(-max.senders)
    },
    /** The last of each sender: whoever makes ready by more calls is not seen through. */
    ready(sender: Address, time: number, calls: readonly { to: Address; data: Hex }[]) {
      const fit = calls.filter(({ data }) => data.length <= stepMax).map(({ to, data }) => ({ sender, time, to, data }))
      const own = [...now.steps.filter((each) => each.sender === sender), ...fit].slice(-max.stepsOfOne)
      now.steps = [...now.steps.filter((each) => each.sender !== sender), ...own].slice(-max.steps)
    },
    changes(): Record<string, Json> {
      const fields = ['habits', 'senders', 'steps', 'seen'] as const
      return Object.fromEntries(fields.flatMap((key) => (now[key] === before[key] ? [] : [[keys[key], now[key]]])))
    },
  }
}
