import { toEventSelector, toFunctionSelector } from 'viem/utils'
import { asAddress, asHash, asList, asObject } from '../../evm/parseHex.ts'
import { roleNames } from '../../evm/roleNames.ts'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import { RpcError } from '../../evm/rpc/rpcError.ts'
import type { Address, BlockHeader, Hex } from '../../model/chain.ts'
import type { Read } from '../../model/read.ts'
import { dataOf, numberAt } from '../facts/answerOf.ts'
import { askState } from '../facts/askState.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import type { Pointer } from '../facts/pointersOf.ts'

type Grant = { from: Address; role: Hex; account: Address }

const grants = [
  {
    topic: toEventSelector('RoleGranted(bytes32,address,address)'),
    asked: toFunctionSelector('hasRole(bytes32,address)'),
  },
  {
    topic: toEventSelector('RoleGranted(uint64,address,uint32,uint48,bool)'),
    asked: toFunctionSelector('hasRole(uint64,address)'),
  },
]
const logsMax = 10_000
const grantsMax = 200

/**
 * Who holds a role in a contract or its access manager: whoever was ever granted one, if they have it still. Providers
 * that do not search all blocks at once for logs are believed about the last ones; null: they search none.
 */
export async function findRoleHolders(
  client: ChainClient,
  header: BlockHeader,
  contracts: readonly ContractFacts[],
): Promise<Pointer[] | null> {
  const addresses = contracts.flatMap(({ address, roles, accessManager }) =>
    accessManager || (roles && roles.authority === null) ? [address] : [],
  )
  if (addresses.length === 0) return []
  const granted =
    (await grantsSince(client, addresses, 0)) ?? (await grantsSince(client, addresses, header.number - 999))
  if (granted === null) return null
  const distinct = [...new Map(granted.map((grant) => [JSON.stringify(grant), grant])).values()].slice(-grantsMax)
  const answers = await askState(client, header, distinct.flatMap(holdReads))
  return distinct.flatMap((grant): Pointer[] => {
    const holds = holdReads(grant).some((read) => numberAt(dataOf(answers.of(read))) === 1n)
    return holds ? [{ from: grant.from, to: grant.account, kind: 'power', ...inWords(grant.role) }] : []
  })
}

async function grantsSince(client: ChainClient, address: readonly Address[], block: number): Promise<Grant[] | null> {
  const fromBlock = `0x${Math.max(0, block).toString(16)}`
  const filter = { address, topics: [grants.map(({ topic }) => topic)], fromBlock, toBlock: 'latest' }
  try {
    return await client.request({ method: 'eth_getLogs', params: [filter] }, (raw) =>
      asList(raw, 'logs', logsMax).flatMap((item) => grantOf(item)),
    )
  } catch (error) {
    if (error instanceof RpcError) return null
    throw error
  }
}

function grantOf(item: unknown): Grant[] {
  const log = asObject(item, 'a log')
  const topics = asList(log.topics, 'the topics of a log', 4)
  if (topics.length < 3) return []
  const account = asHash(topics[2], 'a topic')
  // A role of the zero address is open to everybody: there is no key to watch.
  if (BigInt(account) === 0n) return []
  return [
    {
      from: asAddress(log.address, 'the address of a log'),
      role: asHash(topics[1], 'a topic'),
      account: `0x${account.slice(26)}`,
    },
  ]
}

function holdReads({ from, role, account }: Grant): Read[] {
  const args = `${role.slice(2)}${'0'.repeat(24)}${account.slice(2)}`
  return grants.map(({ asked }): Read => ({ at: 'block', kind: 'call', to: from, data: `${asked}${args}` }))
}

/** `UPGRADER_ROLE` makes an `upgrader`. */
function inWords(role: Hex): Pick<Pointer, 'name' | 'where'> {
  const known = roleNames.get(role)
  if (known === undefined) return { name: 'roleHolder', where: `it holds role ${role.slice(0, 10)}…` }
  const words = known.replace(/^DEFAULT_|_ROLE$/g, '').toLowerCase()
  return { name: words.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), where: known }
}
