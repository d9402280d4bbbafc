import { UndecodableError } from '../../evm/abi/undecodableError.ts'
import type { Instruction } from './instruction.ts'
import { partsMax, partsOf } from './wrappers.ts'

const depthMax = 8
/** Of one message, wrappers counted. */
const callsMax = 256
/** Characters of calldata that are read again, level by level: who nests one batch many times pays for it only so far. */
const charactersMax = 8 * 1024 * 1024

/**
 * Every call that some calls lead to as far as their calldata tells it: batches, multicalls, timelocks and Safes are
 * opened, each before what it holds. `unread`: why some of it could not be read, which hides what it does.
 */
export function unfoldCalls(roots: readonly Instruction[]): { calls: Instruction[]; unread: string[] } {
  const calls: Instruction[] = []
  const unread = new Set<string>()
  const waiting = roots.toReversed()
  let characters = 0
  for (let call = waiting.pop(); call; call = waiting.pop()) {
    characters += call.data.length
    if (calls.length === callsMax || characters > charactersMax) {
      unread.add(`there are more than ${callsMax} calls in it, or ${charactersMax / 1024 / 1024} MB of them`)
      break
    }
    calls.push(call)
    try {
      const parts = partsOf(call)
      if (parts.length > partsMax) unread.add(`a batch in it holds more than ${partsMax} calls`)
      if (parts.length > 0 && call.inside.length >= depthMax) unread.add(`it is nested more than ${depthMax} deep`)
      else waiting.push(...parts.slice(0, partsMax).toReversed())
    } catch (error) {
      if (!(error instanceof UndecodableError)) throw error
      unread.add(error.message)
    }
  }
  return { calls, unread: [...unread] }
}
