import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import { endsOf, readTransfer, topicOf } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Log } from '../../../model/chain.ts'

/** What left an account of a token in a block and did not come back, as the token tells it; each is added up once. */
export function netOutflows(logs: readonly Log[]): (token: Address, account: Address) => bigint {
  const known = new Map<string, bigint>()
  const add = (token: Address, account: Address) => {
    const topic = topicOf(account)
    return logs.reduce((sum, log) => {
      const ends = log.address === token ? endsOf(log) : null
      if (!ends || ends.from === ends.to || (ends.from !== topic && ends.to !== topic)) return sum
      const amount = amountOf(log)
      return ends.from === topic ? sum + amount : sum - amount
    }, 0n)
  }
  return (token, account) => {
    const key = `${token} ${account}`
    const sum = known.get(key) ?? add(token, account)
    known.set(key, sum)
    return sum
  }
}

/** 0 where it cannot be read, which is said elsewhere. */
function amountOf(log: Log): bigint {
  try {
    return readTransfer(log).amount
  } catch (error) {
    if (error instanceof UndecodableError) return 0n
    throw error
  }
}
