import { z } from 'zod'
import type { Contract } from '../model/contract.ts'
import type { Detection, Memory } from '../model/detector.ts'
import type { Claim, Json, Measured } from '../model/finding.ts'
import { remembered } from './remembered.ts'

/** `fine`, or how grave: `grave` has the severity of the monitor. */
export type Level = 'fine' | 'medium' | 'grave'

export type Condition = Pick<Claim, 'title' | 'facts' | 'evidence'> & {
  /** Names it among the conditions of the monitor, such as `stale 0x…`. */
  key: string
  level: Level
  /** How large it is now by the limit from which it is grave, where it is a matter of size. */
  measured?: Measured
}

/** By the key of a condition: how it was, and how often it began. */
export const rememberedLevel = remembered(
  z.object({ level: z.enum(['fine', 'medium', 'grave']), episodes: z.number() }),
)
const ranks: Record<Level, number> = { fine: 0, medium: 1, grave: 2 }

/** Whoever relies on a source is named by a finding of their own, and only so many. */
const relyingMax = 4

/** One claim for each contract that relies on what it is about; all of them join one alert. */
export function claimFor(
  relying: readonly Pick<Contract, 'address'>[],
  group: string,
  claim: Omit<Claim, 'address' | 'group'>,
): Claim[] {
  return relying
    .slice(0, relyingMax)
    .map(({ address }) => ({ ...claim, key: `${claim.key} ${address}`, address, group }))
}

/**
 * Follows conditions that last: speaks when one begins and when it becomes graver, and clears its alert when it is over.
 * @param relying The contracts that rely on what the conditions are about.
 */
export function followConditions(
  conditions: readonly Condition[],
  { memory, relying }: { memory: Memory; relying: readonly Contract[] },
): Required<Pick<Detection, 'claims' | 'cleared' | 'grown' | 'memory'>> {
  const claims: Claim[] = []
  const cleared: string[] = []
  const grown: NonNullable<Detection['grown']> = []
  const remember: Record<string, Json> = {}
  for (const { key, level, title, facts, evidence, measured } of conditions) {
    const before = rememberedLevel(memory, key) ?? { level: 'fine', episodes: 0 }
    if (level === 'fine') {
      if (before.level === 'fine') continue
      cleared.push(key)
      remember[key] = { ...before, level }
    } else if (ranks[level] > ranks[before.level]) {
      const episodes = before.level === 'fine' ? before.episodes + 1 : before.episodes
      remember[key] = { level, episodes }
      const weight = level === 'medium' ? ({ severity: 'medium' } as const) : measured ? { measured } : {}
      const claim = { key: `${key} ${episodes} ${level}`, subject: key, title, facts, evidence, ...weight }
      claims.push(...claimFor(relying, key, claim))
    } else if (level === 'grave' && measured) {
      grown.push({ group: key, measured })
    }
  }
  return { claims, cleared, grown, memory: remember }
}
