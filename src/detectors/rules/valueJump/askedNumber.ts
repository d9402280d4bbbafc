import { z } from 'zod'
import { numberOfAnswer } from '../../../lib/numberOfAnswer.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Assignment } from '../../../model/detector.ts'
import type { Outcome } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import type { Expression } from '../../../rules/expression.ts'
import { Undecidable } from '../../../rules/frame.ts'
import { contractOption, resolveContract } from '../../contractOption.ts'

export const askedOption = z.strictObject({
  in: contractOption.describe('The contract that is asked.'),
  call: z
    .string()
    .regex(/^0x(?:[0-9a-fA-F]{2}){4,1000}$/, 'write calldata as hex')
    .describe('The calldata to which it answers a number, alone or beside a flag.'),
})

type Question = { to: Address; call: Hex }
export type Asked = {
  text: string
  value: Pick<Expression<bigint>, 'notes' | 'reads' | 'evaluate'>
  question: Question
}

/** What was answered to a contract in each transaction that asked, which may be over before the block is. */
export const answersIn = (target: Address, { to, call }: Question, outcomes: readonly Outcome[]) =>
  outcomes.flatMap(({ transaction, calls = [] }) =>
    calls.flatMap((each) => {
      const isAnswer = each.kind === 'staticcall' && !each.reverted && each.from === target && each.to === to
      const number = isAnswer && each.input === call ? numberOfAnswer(each.output) : null
      return number === null ? [] : [{ number, transaction }]
    }),
  )

/**
 * What another contract answers, as it is read and named.
 * @throws {KnownError} The config has no contract of this name on this chain.
 */
export function askedNumber(
  { in: text, call }: z.output<typeof askedOption>,
  assignment: Pick<Assignment<unknown>, 'names' | 'chain'>,
): Asked {
  const { name, address } = resolveContract(text, assignment)
  const read = { at: 'block', kind: 'call', to: address, data: call.toLowerCase() as Hex } as const satisfies Read
  return {
    question: { to: address, call: read.data },
    text: `${name}.${call.slice(0, 10)}(${argumentsIn(call, assignment).join(', ')})`,
    value: {
      notes: [],
      reads: () => [read],
      evaluate(_, state) {
        const result = state?.(read)
        const number = result?.ok ? numberOfAnswer(result.data) : null
        if (number !== null) return number
        const reason = !result || result.ok ? 'it is no number' : result.reason
        return new Undecidable(`What ${name} answers to ${call.slice(0, 10)} is not known: ${reason}.`)
      },
    },
  }
}

/** Words as people know them: an account by its name, a number as it is. */
const argumentsIn = (call: string, assignment: Pick<Assignment<unknown>, 'names' | 'chain'>): string[] =>
  (call.slice(10).match(/.{64}/g) ?? []).map((word) => {
    if (/^0{24}(?!0{8})/.test(word)) return resolveContract(`0x${word.slice(24)}`, assignment).name
    return /^0{48}/.test(word) ? BigInt(`0x${word}`).toString() : `0x${word.slice(0, 12)}…`
  })
