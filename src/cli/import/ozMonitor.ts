import { z } from 'zod'
import { checkShape } from './checkShape.ts'
import type { JsonFile } from './readJsonFiles.ts'
import type { Remarks } from './remarks.ts'
import type { SourceMonitor } from './sourceMonitor.ts'

/** Bounds of what one monitor may hold; more is no monitor but an attack. */
export const listMax = 1000
export const text = z.string().max(4096)
export const expression = text.nullish().transform((given) => given?.trim() || null)

const condition = z.object({ signature: text, expression })
const script = z.looseObject({ script_path: text.optional() })

const monitorSchema = z.object({
  name: z.string().min(1).max(500),
  networks: z.array(text).max(listMax).default([]),
  paused: z.boolean().default(false),
  chain_configurations: z.unknown().optional(),
  addresses: z
    .array(z.object({ address: text, contract_spec: z.unknown().optional(), abi: z.unknown().optional() }))
    .max(listMax)
    .default([]),
  match_conditions: z.object({
    functions: z.array(condition).max(listMax).default([]),
    events: z.array(condition).max(listMax).default([]),
    transactions: z
      .array(
        z.object({
          status: z
            .string()
            .transform((given) => given.toLowerCase())
            .pipe(z.enum(['any', 'success', 'failure'])),
          expression,
        }),
      )
      .max(listMax)
      .default([]),
  }),
  /** One script in older files. */
  trigger_conditions: z
    .union([z.array(script).max(listMax), script, z.null()])
    .optional()
    .transform((given) => (given ? [given].flat() : [])),
  triggers: z.array(text).max(listMax).default([]),
})

/** A monitor of OpenZeppelin Monitor. */
export function ozMonitor({ file, value }: JsonFile, remarks: Remarks): SourceMonitor[] {
  const given = checkShape(monitorSchema, value, file, remarks)
  if (!given) return []
  const { name, networks, paused, addresses, match_conditions: conditions, triggers } = given
  for (const { script_path: path } of given.trigger_conditions) {
    remarks.add(
      'lost',
      name,
      `The filter script ${path ?? ''} does not run here, so what it dropped is told. ${instead}`,
    )
  }
  return [
    {
      file,
      name,
      dialect: 'oz',
      networks: [...new Set(networks)],
      paused,
      addresses: addresses.map(({ address, contract_spec: spec, abi }) => ({ address, abi: spec ?? abi })),
      conditions: [conditions],
      triggers: [...new Set(triggers)],
    },
  ]
}

const instead = 'Write its condition into `when`, which can read the state of contracts too.'
