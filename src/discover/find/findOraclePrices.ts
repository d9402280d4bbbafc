import { encodeFunctionData, parseAbi, toFunctionSelector } from 'viem/utils'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { Address, BlockHeader, Hex } from '../../model/chain.ts'
import type { Read } from '../../model/read.ts'
import { dataOf, numberOf } from '../facts/answerOf.ts'
import { type Answers, askState } from '../facts/askState.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { priceViewsOf } from '../facts/standardSignatures.ts'

/** What the oracle of a protocol answers for one token. */
export type OraclePrice = {
  /** Its name in the config. */
  oracle: string
  call: Hex
  decimals: number
  price: number
  /** The token in which it is; null: dollars. */
  unit: Address | null
}
/** By token, in the order in which the oracles were found. */
export type OraclePrices = ReadonlyMap<Address, readonly OraclePrice[]>

const oraclesMax = 4
const tokensMax = 64
const decimalsMax = 36
/** Dollars for one: what is cheaper or dearer was not meant as dollars, or with other decimals. */
const plausible = { least: 1e-12, most: 1e7 }
const oneEther = 10n ** 18n

const abi = parseAbi([
  'function getAssetPrice(address asset) view returns (uint256)',
  'function getUnderlyingPrice(address market) view returns (uint256)',
])
const unitRead = (to: Address): Read => ({ at: 'block', kind: 'call', to, data: toFunctionSelector('BASE_CURRENCY()') })
const scaleRead = (to: Address): Read => ({
  ...{ at: 'block', kind: 'call', to },
  data: toFunctionSelector('BASE_CURRENCY_UNIT()'),
})

type Question = { oracle: NamedFacts; token: NamedFacts; view: 'getAssetPrice' | 'getUnderlyingPrice'; call: Hex }

/**
 * What the oracles by which protocols of the kind of Aave and Compound lend say that tokens are worth. Only what answered
 * with a number that a price can be, in a unit that the oracle names or its kind prescribes.
 * @throws {RpcError} The chain cannot be read.
 */
export async function findOraclePrices(
  client: ChainClient,
  header: BlockHeader,
  contracts: readonly NamedFacts[],
): Promise<OraclePrices> {
  const oracles = contracts.filter((each) => isOracle(each) && !restsOnPool(each, contracts)).slice(0, oraclesMax)
  const questions = oracles.flatMap((oracle) => questionsTo(oracle, contracts))
  const reads = [
    ...oracles.flatMap(({ facts: { address } }) => [unitRead(address), scaleRead(address)]),
    ...questions.map(readOf),
  ]
  const answers = await askState(client, header, reads)
  const found = new Map<Address, OraclePrice[]>()
  for (const question of questions) {
    const price = priceFrom(question, answers)
    const { address } = question.token.facts
    if (price) found.set(address, [...(found.get(address) ?? []), price])
  }
  return found
}

const viewsOf = ({ facts }: NamedFacts) => priceViewsOf(facts).filter(({ ofAsset }) => ofAsset)
const isOracle = (each: NamedFacts): boolean => viewsOf(each).length > 0

/** What is taken from a pool at the moment is what a thief makes of it. */
const restsOnPool = ({ facts }: NamedFacts, contracts: readonly NamedFacts[]): boolean =>
  contracts.some(
    ({ facts: { pair, pool }, pointers }) => (pair || pool) && pointers.some(({ from }) => from === facts.address),
  )

function questionsTo(oracle: NamedFacts, contracts: readonly NamedFacts[]): Question[] {
  const tokens = contracts.filter(({ facts: { token } }) => token?.standard === 'erc20' && token.decimals !== null)
  return viewsOf(oracle)
    .flatMap(({ view }): Question[] => {
      if (view === 'getAssetPrice') return tokens.map((token) => questionOf(oracle, { token, view, of: token }))
      // Who prices markets says what one of the token behind a market is worth.
      return tokens.flatMap((token) =>
        marketsOf(token, tokens).map((of) => questionOf(oracle, { token, view: 'getUnderlyingPrice', of })),
      )
    })
    .slice(0, tokensMax)
}

const marketsOf = ({ pointers }: NamedFacts, tokens: readonly NamedFacts[]): NamedFacts[] =>
  tokens.filter(({ facts }) => pointers.some(({ from, name }) => name === 'underlying' && from === facts.address))

function questionOf(
  oracle: NamedFacts,
  { token, view, of }: { token: NamedFacts; view: Question['view']; of: NamedFacts },
): Question {
  return { oracle, token, view, call: encodeFunctionData({ abi, functionName: view, args: [of.facts.address] }) }
}

const readOf = ({ oracle, call }: Question): Read => ({
  ...{ at: 'block', kind: 'call' },
  ...{ to: oracle.facts.address, data: call },
})

function priceFrom(question: Question, answers: Answers): OraclePrice | null {
  const { oracle, token, view, call } = question
  const answer = numberOf(dataOf(answers.of(readOf(question))))
  const scale =
    view === 'getAssetPrice'
      ? scaleOf(oracle.facts.address, answers)
      : { unit: null, decimals: decimalsMax - token.facts.token!.decimals! }
  if (!answer || !scale || scale.decimals < 0 || scale.unit === token.facts.address) return null
  const price = Number(answer) / 10 ** scale.decimals
  if (price < plausible.least || price > plausible.most) return null
  return { oracle: oracle.name, call, price, ...scale }
}

/** In what an oracle like Aave's counts, as it says itself. Null: it does not say, as the first ones did not. */
function scaleOf(oracle: Address, answers: Answers): { unit: Address | null; decimals: number } | null {
  const unit = numberOf(dataOf(answers.of(unitRead(oracle))))
  const one = numberOf(dataOf(answers.of(scaleRead(oracle))))
  if (unit === undefined || one === undefined || unit >> 160n !== 0n) return null
  const decimals = one.toString().length - 1
  if (one === 0n || one > oneEther || 10n ** BigInt(decimals) !== one) return null
  return { unit: unit === 0n ? null : `0x${unit.toString(16).padStart(40, '0')}`, decimals }
}
