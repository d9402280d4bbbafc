import { toHex } from 'viem/utils'
import { proxySlots } from '../../evm/proxySlots.ts'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { Address, BlockHeader, Hex } from '../../model/chain.ts'
import type { Read } from '../../model/read.ts'
import { dataOf } from '../facts/answerOf.ts'
import { askBefore } from '../facts/askBefore.ts'
import { askState } from '../facts/askState.ts'
import { wordsIn } from '../facts/codeScan.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import { looksBack } from './findStill.ts'

/** As many as the detector takes. */
const keptMax = 16
/** The variables that are declared first; those behind a place of its own, of which the code names so many. */
const [firstMax, ownMax, ownPlaces] = [24, 4, 24]
/** Privileged-change reads these. */
const known: ReadonlySet<Hex> = new Set(Object.values(proxySlots))

const read = (of: Address, slot: Hex): Read => ({ at: 'block', kind: 'storage', of, slot })

/**
 * Slots that hold an address which has not changed for a while and no function tells: an owner without a getter, the code
 * that a proxy of its own kind runs.
 * @param told Addresses that functions of a contract answer, as hex digits.
 * @throws {RpcError} The chain cannot be read.
 */
export async function findSlots(
  client: ChainClient,
  header: BlockHeader,
  contracts: readonly ContractFacts[],
  told: (contract: Address) => ReadonlySet<string>,
): Promise<ReadonlyMap<Address, Hex[]>> {
  const places = contracts.map((facts) => [facts, placesOf(facts)] as const)
  const reads = places.flatMap(([{ address }, slots]) => slots.map((slot) => read(address, slot)))
  const answers = await askState(client, header, reads)
  const standing = places.flatMap(([facts, slots]) =>
    slots.flatMap((slot) => {
      const holds = addressIn(dataOf(answers.of(read(facts.address, slot))))
      const isHidden = holds && !told(facts.address).has(holds.slice(2)) && !isKnown(facts, holds)
      return isHidden ? [{ of: facts.address, slot, holds }] : []
    }),
  )
  const past = await askBefore(client, header, { looksBack, reads: standing.map(({ of, slot }) => read(of, slot)) })
  const still = standing.filter(({ of, slot, holds }) => {
    const before = past.flatMap((each) => dataOf(each.of(read(of, slot))) ?? []).filter((word) => BigInt(word) !== 0n)
    return before.length > 0 && before.every((word) => addressIn(word) === holds)
  })
  return new Map(
    [...Map.groupBy(still, ({ of }) => of)].map(([of, slots]) => [of, slots.slice(0, keptMax).map(({ slot }) => slot)]),
  )
}

function placesOf({ codes }: ContractFacts): Hex[] {
  const bases = [...new Set(codes.flatMap(wordsIn))].filter((word) => !known.has(word)).slice(0, ownPlaces)
  const behind = bases.flatMap((base) => Array.from({ length: ownMax }, (_, place) => BigInt(base) + BigInt(place)))
  const first = Array.from({ length: firstMax }, (_, slot) => BigInt(slot))
  const all = new Set([...first, ...behind].filter((slot) => slot < 2n ** 256n))
  return [...all].map((slot) => toHex(slot, { size: 32 }))
}

/** What stands in the code, or is known of a proxy, is told by other monitors. */
const isKnown = ({ address, codes, proxy }: ContractFacts, holds: Address): boolean =>
  [address, proxy?.implementation, proxy?.admin, proxy?.beacon].includes(holds) ||
  codes.some((code) => code.includes(holds.slice(2)))

/** A slot may hold an address alone, or with smaller values above it. A hash, a number or a text is none. */
function addressIn(word: Hex | undefined): Address | undefined {
  const [, low] = /^0x0{8}[0-9a-f]{16}((?!0{8}|f{8})[0-9a-f]{40})(?<!0{8})$/.exec(word ?? '') ?? []
  return low ? `0x${low}` : undefined
}
