import { defenderMonitor } from './defenderMonitor.ts'
import { ozMonitor } from './ozMonitor.ts'
import type { JsonFile } from './readJsonFiles.ts'
import type { Remarks } from './remarks.ts'
import type { SourceMonitor } from './sourceMonitor.ts'

export type Source = {
  monitors: readonly SourceMonitor[]
  /** As they came: what of them is used shows when the monitors are known. */
  networks: readonly JsonFile[]
  triggers: readonly JsonFile[]
}

/** Networks, monitors and lists of triggers together. */
const partsMax = 5000

/** Tells networks, monitors and triggers apart by what they hold, wherever they stand. */
export function readSource(files: readonly JsonFile[], remarks: Remarks): Source {
  const all = files.flatMap(partsOf)
  const parts = all.slice(0, partsMax)
  if (all.length > partsMax)
    remarks.add('lost', 'the folder', `Of ${all.length} parts only the first ${partsMax} are read.`)
  const of = (kind: Kind) => parts.filter((part) => kindOf(part.value) === kind)
  for (const { file } of of('unknown'))
    remarks.add('lost', file, 'It is no network, no monitor and no list of triggers.')
  const monitors = [
    ...of('monitor').flatMap((part) => ozMonitor(part, remarks)),
    ...of('defender').flatMap((part) => defenderMonitor(part, remarks)),
  ]
  return { monitors, networks: of('network'), triggers: of('triggers') }
}

type Kind = 'network' | 'monitor' | 'triggers' | 'defender' | 'unknown'

/** A file may hold a list, or what an API answers with: `{ "items": [ … ] }`. */
function partsOf({ file, value }: JsonFile): JsonFile[] {
  const items = isGroup(value) && Array.isArray(value.items) ? value.items : value
  return Array.isArray(items) ? items.map((item) => ({ file, value: item as unknown })) : [{ file, value }]
}

function kindOf(value: unknown): Kind {
  if (!isGroup(value)) return 'unknown'
  const has = (key: string) => Object.hasOwn(value, key)
  if (has('network_type')) return 'network'
  if (has('match_conditions')) return 'monitor'
  if (has('addressRules') || has('fortaRule') || value.type === 'BLOCK' || value.type === 'FORTA') return 'defender'
  const isTrigger = (each: unknown) => isGroup(each) && Object.hasOwn(each, 'trigger_type')
  return Object.values(value).some(isTrigger) ? 'triggers' : 'unknown'
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
