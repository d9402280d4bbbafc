import { z } from 'zod'
import { checkShape } from './checkShape.ts'
import type { JsonFile } from './readJsonFiles.ts'
import type { Remarks } from './remarks.ts'
import type { SecretBook } from './secretBook.ts'
import { secretValue } from './secretValue.ts'
import { uniqueName } from './uniqueName.ts'

/** A chain as our config has it. */
export type ImportedChain = { name: string; id: number; rpc: string[]; confirmations?: number; from: string }

const anything = z.unknown().optional()
const networkSchema = z.object({
  network_type: z.string().max(64),
  slug: z.string().min(1).max(200),
  name: anything,
  rpc_urls: z
    .array(z.object({ type_: z.string().max(64).optional(), url: secretValue, weight: z.number().optional() }))
    .min(1)
    .max(50),
  chain_id: z.int().positive().nullish(),
  confirmation_blocks: z.int().min(0).max(10_000).optional(),
  block_time_ms: anything,
  cron_schedule: anything,
  max_past_blocks: anything,
  store_blocks: anything,
  recovery_config: anything,
  network_passphrase: anything,
})
type Network = z.output<typeof networkSchema> & { chain_id: number }

/** Chains by the slug that monitors name; a chain that several networks are about is one. Null: cannot be watched. */
export type NetworkBook = ReadonlyMap<string, ImportedChain | null>

/** @param wanted Slugs that monitors name: a chain of which nobody speaks is not watched. */
export function networksOf(
  files: readonly JsonFile[],
  wanted: ReadonlySet<string>,
  secrets: SecretBook,
  remarks: Remarks,
): NetworkBook {
  const bySlug = new Map<string, ImportedChain | null>()
  const byId = new Map<number, ImportedChain>()
  const taken = new Set<string>()
  for (const { file, value } of files) {
    const network = checkShape(networkSchema, value, file, remarks)
    if (!network) continue
    const { slug } = network
    if (bySlug.has(slug)) remarks.add('lost', file, `The slug ${slug} is that of another network.`)
    else if (!wanted.has(slug))
      remarks.add('lost', file, `No monitor is about ${slug}, so it would be watched in vain.`)
    else if (isEvm(network)) bySlug.set(slug, chainOf(network, file, { byId, taken, secrets, remarks }))
    else {
      bySlug.set(slug, null)
      remarks.add('lost', file, `${slug} is a chain of type ${network.network_type}; Tocsin watches EVM chains only.`)
    }
  }
  if ([...bySlug.values()].some((chain) => chain !== null)) remarks.add('changed', 'networks', noSchedule)
  return bySlug
}

const noSchedule =
  'cron_schedule, max_past_blocks, store_blocks and recovery_config have no counterpart: every block is judged as it ' +
  'comes, and after a pause all that was missed. Alerts come at the head and are confirmed later; confirmation_blocks ' +
  'says when.'

const isEvm = (network: z.output<typeof networkSchema>): network is Network =>
  network.network_type.toLowerCase() === 'evm' && typeof network.chain_id === 'number'

type Books = { byId: Map<number, ImportedChain>; taken: Set<string>; secrets: SecretBook; remarks: Remarks }

function chainOf(network: Network, file: string, { byId, taken, secrets, remarks }: Books): ImportedChain {
  const { slug, chain_id: id, confirmation_blocks: confirmations } = network
  const usable = network.rpc_urls.filter(({ type_ = 'rpc' }) => /^(ws_)?rpc$/i.test(type_))
  if (usable.length < network.rpc_urls.length) remarks.add('lost', file, 'An RPC URL of another type than rpc.')
  const sorted = usable.toSorted((a, b) => (b.weight ?? 0) - (a.weight ?? 0))
  const rpc = sorted.map(({ url }) => secrets.reference(url, `rpc_${slug}`, `RPC URL of ${slug}`))
  if (rpc.length === 0) rpc.push(secrets.reference(undefined, `rpc_${slug}`, `RPC URL of ${slug}`))
  const known = byId.get(id)
  if (known) {
    known.rpc = [...new Set([...known.rpc, ...rpc])]
    remarks.add('changed', file, `${slug} and ${known.name} are one chain, ${id}: they are merged.`)
    return known
  }
  const name = uniqueName(slug, taken)
  const chain = {
    name,
    id,
    rpc: [...new Set(rpc)],
    ...(confirmations === undefined ? {} : { confirmations }),
    from: file,
  }
  byId.set(id, chain)
  return chain
}
