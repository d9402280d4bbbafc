import type { Address, Hex } from '../../model/chain.ts'
import { dataOf } from './answerOf.ts'
import type { Answers } from './askState.ts'
import { holds } from './codeScan.ts'
import type { ContractFacts } from './contractFacts.ts'
import { type CallName, callRead, calls } from './probes.ts'

/** What a contract says under a name, if it is to be believed. */
export type Says = (name: CallName) => Hex | undefined

/**
 * An answer counts where the function stands in the code: a fallback may answer anything. Where calls go on to code that
 * is not known, an answer counts unless everything is answered.
 */
export function believed(
  address: Address,
  answers: Answers,
  { codes, forwards }: Pick<ContractFacts, 'codes' | 'forwards'>,
): Says {
  const answersAll = dataOf(answers.of(callRead(address, 'nothing'))) !== undefined
  return (name) => {
    const selector: Hex = `0x${calls[name].slice(2, 10)}`
    const isThere = codes.some((code) => holds(code, selector)) || (forwards && !answersAll)
    return isThere ? dataOf(answers.of(callRead(address, name))) : undefined
  }
}
