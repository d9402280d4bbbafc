import { toFunctionSelector } from 'viem/utils'
import { topicOf } from '../../evm/ledger/tokenTransfers.ts'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { Address, BlockHeader } from '../../model/chain.ts'
import type { Read } from '../../model/read.ts'
import { addressOf, dataOf, numberOf } from '../facts/answerOf.ts'
import { askState } from '../facts/askState.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import type { Pointer } from '../facts/pointersOf.ts'
import { hasFunction } from '../facts/standardSignatures.ts'

/** Reserves that are looked at, and tokens that are kept. */
const [reservesMax, keptMax, wordsMax] = [12, 24, 24]

/**
 * The tokens in which a lending market of Aave's kind writes down what it owes and is owed: the deposits lie in them and
 * not in the market, and whoever swaps their code takes these. Those that hold a reserve come first.
 * @throws {RpcError} The chain cannot be read.
 */
export async function findReserveTokens(
  client: ChainClient,
  header: BlockHeader,
  { watched, pointers }: { watched: readonly ContractFacts[]; pointers: readonly Pointer[] },
): Promise<Pointer[]> {
  const reserves = watched
    .filter((facts) => hasFunction(facts, 'getReserveData(address)'))
    .flatMap(({ address }) => pointers.filter(({ from, name }) => from === address && name === 'reserve'))
    .slice(0, reservesMax)
  const answers = await askState(client, header, reserves.map(reserveRead))
  const parts = reserves.flatMap((reserve) =>
    addressesAmong(dataOf(answers.of(reserveRead(reserve))))
      .filter((to) => to !== reserve.to && to !== reserve.from)
      .map((to) => ({ from: reserve.from, reserve: reserve.to, to })),
  )
  const asked = parts.flatMap((part) => [balanceRead(part), ...isTokenReads(part)])
  const told = await askState(client, header, asked)
  const holds = (part: Part) => (numberOf(dataOf(told.of(balanceRead(part)))) ?? 0n) > 0n
  const tokens = parts.filter((part) => isTokenReads(part).every((read) => dataOf(told.of(read)) !== undefined))
  const ranked = [...tokens.filter(holds), ...tokens.filter((part) => !holds(part))]
  return ranked.slice(0, keptMax).map(({ from, to }) => ({
    ...{ from, to },
    ...{ kind: 'value', name: 'reserveToken', where: 'getReserveData(address)' },
  }))
}

type Part = { from: Address; reserve: Address; to: Address }

const reserveRead = ({ from, to }: Pointer): Read => ({
  ...{ at: 'block', kind: 'call', to: from },
  data: `${toFunctionSelector('getReserveData(address)')}${topicOf(to).slice(2)}`,
})
const balanceRead = ({ reserve, to }: Part): Read => ({
  ...{ at: 'block', kind: 'call', to: reserve },
  data: `${toFunctionSelector('balanceOf(address)')}${topicOf(to).slice(2)}`,
})
const isTokenReads = ({ to }: Part): Read[] =>
  ['totalSupply()', 'decimals()'].map((view) => ({
    ...{ at: 'block', kind: 'call', to },
    data: toFunctionSelector(view),
  }))

/** The words of a struct that may be addresses: numbers of that size begin or end with zeros, or are larger. */
function addressesAmong(data: string | undefined): Address[] {
  const words = data?.slice(2, 2 + 64 * wordsMax).match(/.{64}/g) ?? []
  return words.flatMap((word) => {
    const address = addressOf(`0x${word}`)
    return address && !/^0x0{8}|0{8}$/.test(address) ? [address] : []
  })
}
