import { hash } from '../../../lib/hash.ts'
import type { Address, Call } from '../../../model/chain.ts'

/** Steps that make a path; a loop adds nothing, as each step counts once. */
const stepsMax = 64
/** How deep calls of ours within calls of ours are told apart. */
const nestMax = 9

export type Path = {
  /** Equal for two transactions that went the same way through ours. */
  shape: string
  /** For people, such as `contract → 0x2e1a7d4d, inside: contract → 0xd0e30db0`; cut. */
  shown: string
  /** The one of ours that was called first. */
  entry: Address
}

type Step = { nest: number; caller: 'account' | 'contract' | 'ours'; to: Address; selector: string }

/**
 * The way that one transaction took through our contracts: who calls what, in which order, and inside which other call.
 * Callers count by their kind, arguments and views not at all. Null: none of ours was called.
 */
export function pathOf(calls: readonly Call[], ours: ReadonlySet<Address>): Path | null {
  const steps = new Map<string, Step>()
  /** Depths of the calls into ours that are open. */
  const open: number[] = []
  const sender = calls[0]?.from
  for (const { kind, depth, from, to, input, reverted } of calls) {
    while (open.length > 0 && open.at(-1)! >= depth) open.pop()
    if (kind !== 'call' || reverted || to === null || !ours.has(to)) continue
    const caller = ours.has(from) ? 'ours' : from === sender ? 'account' : 'contract'
    const step: Step = { nest: Math.min(nestMax, open.length), caller, to, selector: selectorIn(input) }
    open.push(depth)
    if (steps.size < stepsMax) steps.set(`${step.nest} ${caller} ${to} ${step.selector}`, step)
  }
  const [first] = steps.values()
  if (!first) return null
  return { shape: hash(...steps.keys()).slice(0, 10), shown: showSteps([...steps.values()]), entry: first.to }
}

/** Coins without calldata have a way of their own. */
const selectorIn = (input: string): string => (input.length >= 10 ? input.slice(0, 10) : 'coins')

const shownMax = 12

function showSteps(steps: readonly Step[]): string {
  const words = steps.slice(0, shownMax).map(({ nest, caller, selector }) => {
    return `${nest > 0 ? `inside ${nest}: ` : ''}${caller} → ${selector}`
  })
  const left = steps.length - words.length
  return [...words, ...(left > 0 ? [`${left} more`] : [])].join(', ')
}
