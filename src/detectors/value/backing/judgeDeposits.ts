import type { AbiEvent } from 'viem'
import { parseAbiItem } from 'viem/utils'
import { compileEvent } from '../../../evm/abi/compileEvent.ts'
import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import { groupDigits } from '../../../lib/factWords.ts'
import type { Address, Log } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Claim } from '../../../model/finding.ts'
import { isPercentOf } from '../../tokens/amounts.ts'
import type { Book } from './book.ts'

const deposit = compileEvent(
  parseAbiItem(
    'event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares)',
  ) as AbiEvent,
)

/** Base units of assets; who puts in less than that loses no more than rounding. */
const dust = 1_000n
/** With more shares than that, rounding takes no noticeable part of a deposit. */
const fewShares = 100n
const claimsMax = 16

/** Deposits into a vault that got no shares, or shares that are worth less than was paid because they were rounded down. */
export function judgeDeposits({ address, name }: Contract, logs: readonly Log[], share: Book | undefined): Claim[] {
  const own = logs.filter((log) => log.address === address && log.topics[0] === deposit.topic0)
  return own
    .flatMap((log) => {
      const read = readDeposit(log)
      if (!read || read.assets <= dust || read.shares > fewShares) return []
      const worth = share && share.claims > 0n ? (read.shares * share.backing) / share.claims : null
      const isShort = read.shares === 0n || (worth !== null && isPercentOf(read.assets - worth, 2, read.assets))
      return isShort ? [claimOf(read, log, worth)] : []
    })
    .slice(0, claimsMax)

  function claimOf({ owner, assets, shares }: Deposit, log: Log, worth: bigint | null): Claim {
    const got = shares === 0n ? 'got no shares' : `got only ${groupDigits(String(shares))} base units of shares`
    return {
      key: `deposit ${log.position}`,
      transactionHash: log.transactionHash,
      logIndex: log.logIndex,
      address,
      title: `A deposit of ${groupDigits(String(assets))} base units into ${name} ${got}: what was paid goes to who holds the others`,
      facts: { owner, assets: String(assets), shares: String(shares), worth: worth === null ? null : String(worth) },
      evidence: 'hard',
      severity: shares === 0n ? 'critical' : 'high',
      confidence: 'high',
    }
  }
}

type Deposit = { owner: Address; assets: bigint; shares: bigint }

function readDeposit(log: Log): Deposit | null {
  try {
    const [, owner, assets, shares] = deposit.decode(log) as [Address, Address, bigint, bigint]
    return { owner, assets, shares }
  } catch (error) {
    if (error instanceof UndecodableError) return null
    throw error
  }
}
