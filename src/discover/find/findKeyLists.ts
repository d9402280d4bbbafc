import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { Address, BlockHeader, Hex } from '../../model/chain.ts'
import type { Read, ReadResult } from '../../model/read.ts'
import { addressesOf, dataOf } from '../facts/answerOf.ts'
import { askBefore } from '../facts/askBefore.ts'
import { askState } from '../facts/askState.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { codeRead } from '../facts/probes.ts'
import { isOfItsOwnKind } from './findEntries.ts'
import { looksBack } from './findStill.ts'
import { findViews, type Views } from './findViews.ts'

/** Functions by which contracts tell whose keys count: a list of accounts, or the keys themselves as bytes. */
export type KeyLists = Views

const [keptMax, keysMax] = [4, 32]
/** An Ethereum address is the shortest key that anybody writes down. */
const bytesMin = 20

/**
 * Lists of keys of watched contracts of their own kind and of those that these name: of validators, guardians, members. A
 * list that grows with use is none.
 * @throws {RpcError} The chain cannot be read.
 */
export async function findKeyLists(
  client: ChainClient,
  header: BlockHeader,
  contracts: readonly NamedFacts[],
): Promise<KeyLists> {
  const own = new Set(contracts.flatMap(({ role, facts }) => (role === 'protected' ? [facts.address] : [])))
  const keepers = contracts.filter(
    ({ facts, pointers }) =>
      isOfItsOwnKind(facts) && (own.has(facts.address) || pointers.some(({ from }) => own.has(from))),
  )
  const found = await findViews(
    client,
    header,
    keepers.map(({ facts }) => facts),
    { given: [''], fits: ([answer]) => (keysIn(answer!) ? 1 : 0) },
  )
  const asked = [...found].flatMap(([to, views]) => views.map((data): Ask => ({ to, data })))
  const reads = asked.map(readOf)
  const [answers, past] = await Promise.all([
    askState(client, header, reads),
    askBefore(client, header, { looksBack, reads }),
  ])
  const kept = asked.flatMap((ask) => {
    const keys = keysIn(answers.of(readOf(ask)))
    const now = dataOf(answers.of(readOf(ask)))
    const before = past.flatMap((each) => dataOf(each.of(readOf(ask))) ?? [])
    return keys && before.every((each) => each === now) ? [{ ...ask, keys }] : []
  })
  const codes = await askState(
    client,
    header,
    kept.flatMap(({ keys }) => (keys === 'bytes' ? [] : keys.map(codeRead))),
  )
  // Tokens and strategies are listed as well; whose keys count has no code.
  const lists = kept.filter(
    ({ keys }) => keys === 'bytes' || keys.some((key) => dataOf(codes.of(codeRead(key))) === undefined),
  )
  const byHolder = Map.groupBy(lists, ({ to }) => to)
  return new Map([...byHolder].map(([to, own]) => [to, own.slice(0, keptMax).map(({ data }) => data)]))
}

type Ask = { to: Address; data: Hex }
const readOf = ({ to, data }: Ask): Read => ({ at: 'block', kind: 'call', to, data })

/** Null: it is neither a list of accounts nor a key. */
function keysIn(answer: ReadResult): readonly Address[] | 'bytes' | null {
  if (!answer.ok || answer.data.length < 2 + 64 * 3) return null
  const list = addressesOf(answer.data)
  if (list && list.length > 0 && list.length <= keysMax) return list
  const digits = answer.data.slice(2)
  const length = Number(BigInt(`0x${digits.slice(64, 128)}`))
  if (BigInt(`0x${digits.slice(0, 64)}`) !== 32n || length < bytesMin || length > keysMax * 128) return null
  const bytes = Buffer.from(digits.slice(128, 128 + length * 2), 'hex')
  return bytes.length === length && !isText(bytes) ? 'bytes' : null
}

const isText = (bytes: Buffer) => bytes.every((byte) => byte >= 0x20) && !bytes.toString('utf8').includes('\ufffd')
