import { isDeepStrictEqual } from 'node:util'
import type { Abi } from 'viem'
import type { Address } from '../model/chain.ts'
import type { Contract } from '../model/contract.ts'
import { compileRule, type Rule, type RuleEnvironment } from './compileRule.ts'
import { lackedBy, ownItems } from './contractAbi.ts'
import { parseRule } from './parseRule.ts'
import { RuleError } from './ruleError.ts'

/** A rule about one contract: for a proxy, as it reads for each of its implementations. */
export type VersionedRule = {
  target: Contract
  /** By implementation; null: that one has no such event or function. Empty: it reads the same whatever stands behind. */
  versions: ReadonlyMap<Address, Rule | null>
  /** For every other implementation; undefined: nobody gave an ABI for them. */
  otherwise: Rule | null | undefined
  /** Sentences on what it will not see, for whoever checks the config. */
  notes: readonly string[]
}

/**
 * Compiles a rule for one contract; where the config gives ABIs of its implementations, once for each that has the event
 * or function that the rule is about.
 *
 * @throws {RuleError} With every problem that was found.
 */
export function compileVersions(source: string, { target, ...rest }: RuleEnvironment): VersionedRule {
  const { trigger } = parseRule(source)
  const { abi, implementations, ...bare } = target
  const asOne = (contract: Contract): VersionedRule => {
    const rule = compileRule(source, { target: contract, ...rest })
    return { target, versions: new Map(), otherwise: rule, notes: rule.condition?.notes ?? [] }
  }
  if (!implementations || !('name' in trigger)) return asOne(target)

  const kind = trigger.kind === 'event' ? 'event' : 'function'
  const itemsIn = (given: Abi) => ownItems({ ...bare, abi: given }, kind, trigger.name)
  const all = [...implementations.values(), ...(abi ? [abi] : [])]
  // It is an event of the proxy itself, or it does not exist.
  if (all.every((given) => itemsIn(given).length === 0)) return asOne(target)
  if (abi && all.every((given) => isDeepStrictEqual(itemsIn(given), itemsIn(abi)))) return asOne({ ...bare, abi })

  const version = (given: Abi, whose: string): Rule | null =>
    itemsIn(given).length === 0
      ? null
      : naming(whose, () => compileRule(source, { target: { ...bare, abi: given }, ...rest }))
  const lacking = lackedBy(target, kind, trigger.name)
  const silence = lacking
    ? [`\`${kind} ${trigger.name}\` is lacking in ${lacking}: while that runs, none is seen.`]
    : []
  const versions = new Map(
    [...implementations].map(([address, given]) => [
      address,
      version(given, `With the ABI of implementation ${address}`),
    ]),
  )
  const otherwise = abi && version(abi, 'With the ABI under `abi:`')
  const unanswered = [...versions.values(), otherwise].flatMap((rule) => rule?.condition?.notes ?? [])
  return { target, versions, otherwise, notes: [...silence, ...new Set(unanswered)] }
}

/** Every reading of a rule. */
export function readingsOf({ versions, otherwise }: VersionedRule): Rule[] {
  return [...versions.values(), otherwise].filter((rule) => rule instanceof Object)
}

function naming(whose: string, compile: () => Rule): Rule {
  try {
    return compile()
  } catch (error) {
    if (!(error instanceof RuleError)) throw error
    const problems = error.problems.map((problem) => ({ ...problem, message: `${whose}: ${problem.message}` }))
    throw new RuleError(error.source, problems)
  }
}
