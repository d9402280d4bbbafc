import { type TokenTransfer, zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import { showAmount, showPercent } from '../../tokens/amounts.ts'
import { showTokens } from '../../tokens/showTokens.ts'
import type { TokenLabel } from '../../tokens/tokenBook.ts'
import { measuredOf } from './measuredOf.ts'
import type { LargeTransferOptions } from './options.ts'
import type { Movement } from './planTransfers.ts'

export function claimTransfer({
  transfer,
  target,
  way,
  label,
  trusted,
  evidence,
  before,
  after,
  options,
  observation,
  show,
}: Movement & {
  transfer: TokenTransfer
  label: TokenLabel
  trusted: boolean
  evidence: Claim['evidence']
  /** Holdings of the account (or supply of the token) before the block, where they could be read. */
  before: bigint | null
  after: bigint | null
  options: LargeTransferOptions
  observation: Observation
  show(address: Address): string
}): Claim {
  const { token, standard, from, to, amount, log } = transfer
  const decimals = standard === 'erc20' ? (label.decimals ?? 0) : 0
  const measured = measuredOf(options, { amount, decimals, held: before })
  const what = showTokens({ amount, standard, token, label, show })
  const sender = observation.block.transactions[log.transactionIndex]?.from ?? null
  return {
    key: `${way === 'any' ? 'token ' : ''}transfer ${log.position}`,
    transactionHash: log.transactionHash,
    logIndex: log.logIndex,
    address: target.address,
    title: `${what} ${journey(transfer, way, target.name, show)}`,
    facts: {
      token,
      symbol: label.symbol,
      decimals: standard === 'erc20' ? label.decimals : null,
      standard,
      amount: amount.toString(),
      amountShown: showAmount(amount, decimals),
      from,
      to,
      sender,
      direction: way,
      ...(before !== null && {
        [way === 'any' ? 'supplyBefore' : 'heldBefore']: before.toString(),
        share: showPercent(amount, before),
      }),
      ...(after !== null && { heldAfter: after.toString() }),
    },
    evidence,
    confidence: trusted ? 'high' : 'medium',
    ...(measured && { measured }),
  }
}

function journey(
  { from, to }: TokenTransfer,
  way: Movement['way'],
  name: string,
  show: (address: Address) => string,
): string {
  if (way === 'out') return to === zeroAddress ? `of ${name} were burned` : `left ${name} to ${show(to)}`
  if (way === 'in') return from === zeroAddress ? `were minted to ${name}` : `reached ${name} from ${show(from)}`
  if (from === zeroAddress) return `were minted to ${show(to)}`
  return to === zeroAddress ? `of ${show(from)} were burned` : `went from ${show(from)} to ${show(to)}`
}
