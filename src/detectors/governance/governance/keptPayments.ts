import { typedFunction } from '../../../evm/abi/typedFunction.ts'
import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { type Instruction, selectorOf } from '../../calls/instruction.ts'
import { knownCall } from '../../calls/knownFunctions.ts'
import { numberOf, tokenBalance } from '../../tokens/balances.ts'

/** Of one order. */
const depositsMax = 8

/** What is paid into a vault (ERC-4626) by whoever gets the shares, and the call that lets the vault take it. */
type Deposit = { approval: Instruction; deposit: Instruction; vault: Address; token: Address; assets: bigint }

const deposit = typedFunction('function deposit(uint256 assets, address receiver)')
/** Accounts that hold for themselves; what is paid into other contracts, also into ours, may be another's there. */
const holding: ReadonlySet<string | undefined> = new Set(['safe', 'timelock'])

function depositsIn(calls: readonly Instruction[]): Deposit[] {
  return calls
    .flatMap((call, place): Deposit[] => {
      const paid = depositOf(call)
      if (!paid || call.by === null || paid.receiver !== call.by) return []
      const approval = calls.slice(0, place).findLast((each) => {
        const known = each.by === call.by ? knownCall(each) : null
        return known?.name === 'approve' && known.args[0] === call.to && (known.args[1] as bigint) <= paid.assets
      })
      return approval ? [{ approval, deposit: call, vault: call.to, token: approval.to, assets: paid.assets }] : []
    })
    .slice(0, depositsMax)
}

function depositOf(call: Instruction): { assets: bigint; receiver: Address } | null {
  if (selectorOf(call) !== deposit.selector) return null
  try {
    const [assets, receiver] = deposit.decode(call.data)
    return { assets, receiver }
  } catch (error) {
    if (!(error instanceof UndecodableError)) throw error
    return null
  }
}

const assetRead = (to: Address): Read => ({ kind: 'call', at: 'block', to, data: '0x38d52e0f' })

export const readsOfKept = (calls: readonly Instruction[]): Read[] =>
  depositsIn(calls).flatMap(({ vault, token }) => [assetRead(vault), tokenBalance(token, vault, 'block')])

/**
 * Calls by which money changes its place and not its owner: to a Safe or a timelock of the config, and into a vault that
 * gives the payer shares. Anybody can make a vault: one counts that the config names, or in which as much lies already.
 */
export function keptCalls(
  calls: readonly Instruction[],
  { observation, names }: { observation: Observation; names: ReadonlyMap<string, Contract> },
): ReadonlySet<Instruction> {
  const own = new Map([...names.values()].map((each) => [each.address, each]))
  const isVault = ({ vault, token, assets }: Deposit) => {
    const [asset, lies] = [observation.state(assetRead(vault)), observation.state(tokenBalance(token, vault, 'block'))]
    const asWord: Hex = `0x${'0'.repeat(24)}${token.slice(2)}`
    return asset.ok && asset.data === asWord && (own.has(vault) || (lies.ok && (numberOf(lies.data) ?? 0n) >= assets))
  }
  const moved = calls.filter((call) => {
    const known = knownCall(call)
    const payee = known?.name === 'transfer' && known.deed?.gains ? own.get(known.deed.gains) : undefined
    return payee?.role === 'protected' && holding.has(payee.kind)
  })
  // Who does more with the vault in the same breath may hand the shares on.
  const deposited = depositsIn(calls).filter(
    (each) => isVault(each) && calls.every((call) => call.to !== each.vault || call === each.deposit),
  )
  return new Set([...moved, ...deposited.flatMap(({ approval, deposit: call }) => [approval, call])])
}
