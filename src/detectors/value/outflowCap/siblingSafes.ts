import type { AbiEvent } from 'viem'
import { encodeAbiParameters, keccak256, parseAbiItem, toEventSelector } from 'viem/utils'
import { z } from 'zod'
import { compileEvent } from '../../../evm/abi/compileEvent.ts'
import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import { zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { hexShape, remembered } from '../../remembered.ts'
import { numberOf } from '../../tokens/balances.ts'

const setup = compileEvent(
  parseAbiItem(
    'event SafeSetup(address indexed initiator, address[] owners, uint256 threshold, address initializer, address fallbackHandler)',
  ) as AbiEvent,
)
/** What a Safe tells when it is made. */
export const setupTopic = setup.topic0

const creationTopic = toEventSelector('ProxyCreation(address,address)')

/** SafeProxyFactory 1.3.0 (canonical, EIP-155) and 1.4.1, as Safe deploys them on each chain. */
const factories: ReadonlySet<Address> = new Set<Address>([
  '0xa6b71e26c5e0845f74c812102ca7114b6a896ab2',
  '0xc22834581ebc8527d974f8a1c97e1bea4ef910bc',
  '0x4e1dcf7ad4e460cfd30791ccc4f9c8a4f820ec67',
])
/** Of its code elsewhere, as the package of 1.4.1 has it. */
const factoryCode: Hex = '0x50c3cdc4074750a7a974204a716c999edd37482f907608d960b2b025ee0b3317'

type View = Pick<Observation, 'logs' | 'block'>

/** `factory`: who says that it made it. */
type Made = { safe: Address; owners: readonly Address[]; threshold: bigint; factory: Address }

/** Safes made in one block that are looked at, and siblings of all Safes that are remembered. */
const [madeMax, siblingsMax] = [8, 64]

const rememberedSiblings = remembered(z.array(hexShape))
export const siblingsKey = 'siblings'
export const siblingsIn = (memory: Memory): readonly Address[] => rememberedSiblings(memory, siblingsKey) ?? []

const ownersRead = (to: Address): Read => ({ kind: 'call', at: 'block', to, data: '0xa0e67e2b' })
const thresholdRead = (to: Address): Read => ({ kind: 'call', at: 'block', to, data: '0xe75235b8' })

const factoryRead = (of: Address): Read => ({ kind: 'code', at: 'block', of })

/**
 * Safes that a factory made without an initializer: whoever makes one may run code in it first, which can write down a
 * signer whom no list names. Later only its signers change anything.
 */
function madeIn({ logs, block }: View): Made[] {
  const own = logs.filter(({ topics: [topic0] }) => topic0 === setupTopic).slice(0, madeMax)
  return own.flatMap((log): Made[] => {
    const around = block.receipts?.[log.transactionIndex]?.logs ?? []
    const made = around.find(
      ({ topics, data }) => topics[0] === creationTopic && (topics[1] ?? data).includes(log.address.slice(2)),
    )
    if (!made) return []
    try {
      const [, owners, threshold, initializer] = setup.decode(log) as [Address, Address[], bigint, Address]
      return initializer === zeroAddress ? [{ safe: log.address, owners, threshold, factory: made.address }] : []
    } catch (error) {
      if (!(error instanceof UndecodableError)) throw error
      return []
    }
  })
}

/** @param safes Those that are watched. */
export function readsOfMade(safes: readonly Contract[], view: View): Read[] {
  const made = madeIn(view)
  if (made.length === 0) return []
  return [
    ...safes.flatMap(({ address }) => [ownersRead(address), thresholdRead(address)]),
    ...made.filter(({ factory }) => !factories.has(factory)).map(({ factory }) => factoryRead(factory)),
  ]
}

/** The siblings that are known after a block: Safes of the same owners as a watched one, of whom as many must sign. */
export function nextSiblings(
  known: readonly Address[],
  safes: readonly Contract[],
  observation: Observation,
): readonly Address[] {
  const fresh = madeIn(observation).filter(
    (made) => isPublished(made, observation) && safes.some(({ address }) => hasSameSigners(address, made, observation)),
  )
  return [...new Set([...known, ...fresh.map(({ safe }) => safe)])].slice(-siblingsMax)
}

/** A contract that makes others may write into them what it likes, and say what it likes of it. */
function isPublished({ factory }: Made, observation: Observation): boolean {
  if (factories.has(factory)) return true
  const code = observation.state(factoryRead(factory))
  return code.ok && keccak256(code.data) === factoryCode
}

function hasSameSigners(safe: Address, made: Made, observation: Observation): boolean {
  const [listed, least] = [observation.state(ownersRead(safe)), observation.state(thresholdRead(safe))]
  const needed = least.ok ? numberOf(least.data) : null
  return listed.ok && needed !== null && made.threshold >= needed && areSame(made.owners, listed.data)
}

/** The order does not matter. */
function areSame(owners: readonly Address[], listed: Hex): boolean {
  const asWords = encodeAbiParameters([{ type: 'address[]' }], [[...owners]])
  if (asWords.length !== listed.length) return false
  const words = (text: Hex) => text.slice(2).toLowerCase().match(/.{64}/g)?.slice(2).toSorted().join() ?? ''
  return words(asWords) === words(listed)
}

const firstSlot: Hex = `0x${'0'.repeat(64)}`
const codeReads = (of: Address): Read[] => [
  { kind: 'code', at: 'parent', of },
  { kind: 'storage', at: 'parent', of, slot: firstSlot },
]

export const readsOfSibling = (safe: Address, other: Address): Read[] => [...codeReads(safe), ...codeReads(other)]

/** Whether both run the same code: what tells of a Safe may be none. */
export function isSibling(safe: Address, other: Address, observation: Observation): boolean {
  const answers = [safe, other].map((each) => codeReads(each).map(observation.state))
  const [own, others] = answers.map((each) => each.map((answer) => (answer.ok ? answer.data : null)))
  return own!.every((data, place) => data !== null && data !== '0x' && data === others![place])
}
