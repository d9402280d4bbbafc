import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { BlockHeader } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { readKey } from '../../model/read.ts'
import { compileExpression } from '../../rules/compileRule.ts'
import { RuleError } from '../../rules/ruleError.ts'
import { askState } from '../facts/askState.ts'

/**
 * Whether expressions are true in a block, all asked in one batch. False also where one cannot be decided: what nobody
 * can check is no invariant.
 * @throws {RpcError} The chain cannot be read.
 */
export async function holdNow(
  client: ChainClient,
  header: BlockHeader,
  expressions: readonly { text: string; target: Contract }[],
  names: ReadonlyMap<string, Contract>,
): Promise<boolean[]> {
  const frame = { args: [], block: header, log: null, transaction: null, receipt: null }
  const compiled = expressions.map(({ text, target }) => {
    try {
      return compileExpression(text, { target, names }, 'bool')
    } catch (error) {
      if (error instanceof RuleError) return null
      throw error
    }
  })
  const reads = compiled.flatMap((expression) => expression?.reads(frame) ?? [])
  const asked = new Set(reads.map(readKey))
  const answers = await askState(client, header, reads)
  return compiled.map(
    (expression) =>
      expression?.evaluate(frame, (read) => (asked.has(readKey(read)) ? answers.of(read) : null)) === true,
  )
}
