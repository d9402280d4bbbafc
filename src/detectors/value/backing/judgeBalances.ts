import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import { deltasOf } from '../../../evm/ledger/deltasOf.ts'
import { tokenMovements } from '../../../evm/ledger/movementsOf.ts'
import { endsOf, readTransfer, type TokenTransfer, zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex, Log } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Claim, Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { decimalShape, remembered } from '../../remembered.ts'
import { isPercentOf, showPercent } from '../../tokens/amounts.ts'
import { tokenBalance, totalSupply } from '../../tokens/balances.ts'
import { type Ask, numberAt } from './book.ts'
import type { BackingOptions } from './options.ts'

/** What the logs of a block say that one account has more of a token. */
type Told = { account: Address; delta: bigint; transactionHash: Hex }

/** Those who got most of it are asked. */
const accountsMax = 4
/** Times `mintPercent`. */
const grave = 5
/** Who got less than that part of `mintPercent` of the supply as it was is not asked. */
const lookFrom = 4

const key = (token: Address) => `supply ${token}`
const rememberedSupply = remembered(decimalShape)

type Asking = { observation: Omit<Observation, 'state'>; memory: Memory; options: BackingOptions }

/** Who got most of a token in a block by its own word, also of what he had before. */
function toldIn({ address }: Contract, { observation: { logs }, memory, options }: Asking): Told[] {
  const supply = rememberedSupply(memory, key(address))
  const own = logs.filter((log) => log.address === address)
  const got = new Map<Address, { amount: bigint; transactionHash: Hex }>()
  for (const log of own) {
    const transfer = transferIn(log)
    if (!transfer || transfer.to === zeroAddress) continue
    const amount = (got.get(transfer.to)?.amount ?? 0n) + transfer.amount
    got.set(transfer.to, { amount, transactionHash: log.transactionHash })
  }
  const isMuch = (amount: bigint) =>
    supply === undefined || isPercentOf(amount * BigInt(lookFrom), options.mintPercent, BigInt(supply))
  const large = [...got].filter(([, { amount }]) => isMuch(amount))
  const most = large.toSorted(([, a], [, b]) => (b.amount > a.amount ? 1 : -1)).slice(0, accountsMax)
  const deltas = most.length > 0 ? deltasOf(tokenMovements(own)).get(address) : undefined
  return most.map(([account, { transactionHash }]) => ({ account, delta: deltas?.get(account) ?? 0n, transactionHash }))
}

function transferIn(log: Log): TokenTransfer | null {
  if (!endsOf(log)) return null
  try {
    const transfer = readTransfer(log)
    return transfer.standard === 'erc20' ? transfer : null
  } catch (error) {
    if (error instanceof UndecodableError) return null
    throw error
  }
}

export function readsOfBalances(target: Contract, asking: Asking): Read[] {
  const { address } = target
  const told = toldIn(target, asking)
  if (told.length === 0) return []
  return (['parent', 'block'] as const).flatMap((at) => [
    totalSupply(address, at),
    ...told.map(({ account }) => tokenBalance(address, account, at)),
  ])
}

/**
 * Speaks where somebody has more of a token than it told of, and its supply knows nothing of that: a transfer to oneself
 * that counts twice, or a balance that was written by a way of its own; and where somebody has more than there is of it.
 * What all holders get alike stands in the supply.
 */
export function judgeBalances(
  target: Contract,
  { ask, show, ...asking }: Asking & { ask: Ask; show(address: Address): string },
): { claims: Claim[]; memory: Record<string, Json> } {
  const { observation, options } = asking
  const { address, name } = target
  const told = toldIn(target, asking)
  if (told.length === 0) return { claims: [], memory: {} }
  const change = (read: (at: Read['at']) => Read) => {
    const [before, after] = (['parent', 'block'] as const).map((at) => numberAt(ask(read(at))))
    return before == null || after == null ? null : { before, after }
  }
  const supply = change((at) => totalSupply(address, at))
  if (!supply || supply.before === 0n) return { claims: [], memory: {} }
  const made = -(deltasOf(tokenMovements(observation.logs)).get(address)?.get(zeroAddress) ?? 0n)
  const untold = supply.after - supply.before - made
  const claims = told.flatMap(({ account, delta, transactionHash }): Claim[] => {
    const balance = change((at) => tokenBalance(address, account, at))
    if (!balance) return []
    const hidden = balance.after - balance.before - delta
    // Nobody has more than there is: a number ran over, of which the token may tell as it is.
    const isBeyond = balance.before <= supply.before && balance.after > supply.after
    const excess = isBeyond ? balance.after - supply.after : 2n * untold < hidden ? hidden : 0n
    if (excess <= 0n || !isPercentOf(excess, options.mintPercent, supply.before)) return []
    return [
      {
        key: `balance ${address} ${account}`,
        transactionHash,
        address,
        title: `${show(account)} has ${showPercent(excess, supply.before)} of the supply of ${name} more than ${isBeyond ? 'there is' : 'it told of'}`,
        facts: {
          account,
          excess: String(excess),
          told: String(delta),
          supplyBefore: String(supply.before),
          balanceBefore: String(balance.before),
          balanceAfter: String(balance.after),
        },
        evidence: 'hard',
        severity: isPercentOf(excess, options.mintPercent * grave, supply.before) ? 'critical' : 'high',
        confidence: 'high',
      },
    ]
  })
  return { claims, memory: { [key(address)]: String(supply.after) } }
}
