import { toFunctionSelector } from 'viem/utils'
import { topicOf, transferTopics } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Claim, Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import { addressShower } from '../../showAddress.ts'
import { planOf } from '../../timelocks/planOf.ts'
import { byNobody } from '../byNobody.ts'
import { type Habits, isUsual } from './habits.ts'
import type { Occasion } from './occasionsAt.ts'

/** Who has a right now, by which view of the contract. */
export type Gain = { account: Address; view: Hex }

/** Views of those who rule a contract: nobody lets himself be one of them in the course of business. */
const ruling: ReadonlySet<Hex> = new Set(
  ['wards', 'isOwner', 'isAdmin', 'isMinter', 'isGovernor', 'isGuardian', 'isController', 'isSigner'].map((name) =>
    toFunctionSelector(`${name}(address)`),
  ),
)

export function claimGain(
  { account, view }: Gain,
  given: {
    occasion: Occasion
    target: Contract
    habits: Habits
    observation: Observation
    names: ReadonlyMap<string, Contract>
  },
): Claim {
  const { occasion, target, names } = given
  const { transaction } = occasion
  const why = harmlessBecause({ account, view }, given)
  const show = addressShower(names)
  return {
    key: `right ${target.address} ${account} ${view} ${transaction.index}`,
    transactionHash: transaction.hash,
    address: target.address,
    title: `${show(account)} has a right with ${target.name} that it did not have (${view}), given by ${show(giverOf(occasion))}`,
    facts: {
      account,
      view,
      way: occasion.way,
      sender: transaction.from,
      calledContract: transaction.to,
      ...why?.facts,
    },
    evidence: 'hard',
    confidence: 'high',
    ...(why && { severity: 'medium' as const }),
    actors: [account],
    group: `rights ${target.address}`,
  }
}

/** Whoever relays what a Safe does has given nothing. */
const giverOf = ({ transaction, entry }: Occasion): Address => (entry ?? transaction).from

/** Why a right is no reason to wake anybody; null: none is known. */
function harmlessBecause(
  { account, view }: Gain,
  { occasion, target, habits, observation, names }: Parameters<typeof claimGain>[1],
): { facts: Record<string, Json> } | null {
  const { transaction, entry, way } = occasion
  const because = (milder: string) => ({ facts: { milder } })
  const holders = new Set([target.address])
  const plan = planOf(target.address, [account], { observation, names, holders })
  if (plan) return { facts: { planned: `it had been scheduled in the timelock ${plan}` } }
  if (isUsual(habits, way)) return because('others were given it the same way')
  const isRuling = ruling.has(view)
  if (account === giverOf(occasion) && !isRuling) return because('it gave it to itself')
  const isOpen = entry !== null && !isRuling && observation.state(byNobody(entry, target.address)).ok
  if (isOpen || (entry && entry.value > 0n)) return because('anybody may make this call')
  // Who gives the right can have a token of his own tell of transfers, and none that the config names.
  const known = new Set([target.address, ...[...names.values()].map(({ address }) => address)])
  const isParty = observation.block.receipts?.[transaction.index]?.logs.some(
    ({ address, topics }) =>
      known.has(address) && transferTopics.includes(topics[0]!) && topics.slice(1).includes(topicOf(account)),
  )
  return isParty ? because('tokens moved from or to it in the same transaction') : null
}
