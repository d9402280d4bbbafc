import { toEventSelector, toFunctionSelector } from 'viem/utils'
import { topicOf, zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex, Log } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'

type Plan = { streams: readonly Address[]; payers: ReadonlyMap<Address, Contract>; show(address: Address): string }

/** Of tokens of both kinds. A stream of Sablier is one of its own (ERC-721): whoever holds it is paid. */
export const transferTopic: Hex = toEventSelector('Transfer(address,address,uint256)')
const handedMax = 32
const nobody = topicOf(zeroAddress)

function handedIn({ streams }: Plan, logs: readonly Log[]): Log[] {
  const own = logs.filter(
    ({ address, topics: [topic0, from, to, id] }) =>
      topic0 === transferTopic && streams.includes(address) && id && from !== nobody && to !== nobody && from !== to,
  )
  return own.slice(0, handedMax)
}

/** Who pays a stream, as Sablier's contracts of both kinds tell. */
const senderOf = ({ address, topics }: Log): Read => ({
  ...{ kind: 'call', at: 'block', to: address },
  data: `${toFunctionSelector('getSender(uint256)')}${topics[3]!.slice(2)}`,
})

export const readsOfHanded = (plan: Plan, logs: readonly Log[]): Read[] => handedIn(plan, logs).map(senderOf)

/** Streams that ours pay and that somebody else is paid by from now on. */
export function claimHanded(plan: Plan, observation: Observation): { claims: Claim[]; blind: string[] } {
  const blind: string[] = []
  const claims = handedIn(plan, observation.logs).flatMap((log): Claim[] => {
    const answer = observation.state(senderOf(log))
    if (!answer.ok && !answer.reverted)
      blind.push(`Who pays a stream that was handed on could not be read: ${answer.reason}`)
    const payer = answer.ok && answer.data.length === 66 ? (`0x${answer.data.slice(26)}` as Address) : null
    const target = payer && plan.payers.get(payer)
    return target ? [claimOne(log, target, plan.show)] : []
  })
  return { claims, blind }
}

function claimOne(log: Log, target: Contract, show: (address: Address) => string): Claim {
  const [from, to] = [1, 2].map((place) => `0x${log.topics[place]!.slice(26)}` as Address) as [Address, Address]
  const streamId = BigInt(log.topics[3]!).toString()
  return {
    key: `handed ${log.position}`,
    transactionHash: log.transactionHash,
    logIndex: log.logIndex,
    address: target.address,
    group: `stream ${log.address} ${target.address} ${streamId}`,
    title: `${show(to)} is now paid by the stream ${streamId.slice(0, 12)} of ${target.name} instead of ${show(from)}`,
    facts: { contract: log.address, streamId, payer: target.address, from, to },
    evidence: 'hard',
    severity: 'medium',
  }
}
