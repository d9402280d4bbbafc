import { z } from 'zod'
import type { PlugIns } from './loadConfig.ts'
import { configSchema } from './schema.ts'

export type JsonSchema = {
  type?: string
  const?: unknown
  enum?: unknown[]
  default?: unknown
  description?: string
  pattern?: string
  secret?: boolean
  properties?: Record<string, JsonSchema | false>
  required?: string[]
  additionalProperties?: JsonSchema | boolean
  propertyNames?: JsonSchema
  items?: JsonSchema
  anyOf?: JsonSchema[]
  allOf?: JsonSchema[]
  [key: string]: unknown
}

/** JSON Schema of the config file, options of the plug-ins included, for editors. */
export function configJsonSchema({ detectors, channels }: PlugIns): JsonSchema {
  const schema = inputSchema(configSchema)
  const monitor = entryOf(schema, 'monitors')
  Object.assign(monitor.properties!, { use: idOptions([...detectors.values()]) })
  monitor.allOf = [...detectors.values()].map(({ id, options, when, on }) =>
    whenUsed(id, inputSchema(options), {
      properties: { ...(when !== 'required' && { when: false }), ...(on && { on: false }) },
      required: when === 'required' ? ['when'] : [],
    }),
  )
  const channel = entryOf(schema, 'channels')
  Object.assign(channel.properties!, { use: idOptions([...channels.values()]) })
  channel.allOf = [...channels.values()].map(({ id, options }) => whenUsed(id, inputSchema(options), {}))
  return { title: 'Tocsin', description: 'What Tocsin watches, and whom it tells.', ...schema }
}

/** JSON Schema of what a schema takes. Secrets are references in a file. */
function inputSchema(schema: z.ZodType): JsonSchema {
  const made = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'custom') Object.assign(jsonSchema, { type: 'string', pattern: '^(env|file):.' })
    },
  })
  return made as JsonSchema
}

function entryOf(schema: JsonSchema, section: string): JsonSchema {
  const group = schema.properties?.[section]
  if (!group || typeof group.additionalProperties !== 'object') throw new Error(`the schema has no ${section}`)
  return group.additionalProperties
}

function idOptions(plugIns: readonly { id: string; title: string }[]): JsonSchema {
  return { oneOf: plugIns.map(({ id, title }) => ({ const: id, description: title })) }
}

function whenUsed(id: string, options: JsonSchema, more: JsonSchema): JsonSchema {
  const { $schema: _, ...own } = options
  const needed = (own.required ?? []).length > 0 ? ['options'] : []
  return Object.fromEntries([
    ['if', { properties: { use: { const: id } }, required: ['use'] }],
    ['then', { properties: { options: own, ...more.properties }, required: [...needed, ...(more.required ?? [])] }],
  ])
}
