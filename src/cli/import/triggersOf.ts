import { z } from 'zod'
import { type ChannelMaker, channelMakers } from './channelMakers.ts'
import { checkShape } from './checkShape.ts'
import type { JsonFile } from './readJsonFiles.ts'
import type { Remarks } from './remarks.ts'
import type { SecretBook } from './secretBook.ts'
import { uniqueName } from './uniqueName.ts'

/** A channel as our config has it, and the words that it had. */
export type ImportedChannel = {
  name: string
  use: string
  options: Record<string, unknown>
  message: { title: string; body: string } | null
  from: string
}

const triggerSchema = z.object({
  name: z.string().max(500).optional(),
  trigger_type: z.string().max(64),
  config: z.record(z.string(), z.unknown()),
})
const messageSchema = z.object({ title: z.string().max(4096).catch(''), body: z.string().max(16_384).catch('') })

/** Channels by the id of the trigger that monitors name; null where there can be none. Only those that are wanted. */
export function triggersOf(
  files: readonly JsonFile[],
  wanted: ReadonlySet<string>,
  secrets: SecretBook,
  remarks: Remarks,
): ReadonlyMap<string, ImportedChannel | null> {
  const channels = new Map<string, ImportedChannel | null>()
  const taken = new Set<string>()
  for (const { file, value } of files) {
    for (const [id, given] of Object.entries(value as Record<string, unknown>)) {
      if (channels.has(id)) {
        remarks.add('lost', id, `The trigger in ${file} has the id of another one.`)
        continue
      }
      channels.set(id, null)
      if (!wanted.has(id)) {
        remarks.add('lost', id, 'No monitor names this trigger.')
        continue
      }
      const trigger = checkShape(triggerSchema, given, id, remarks)
      const kind = trigger?.trigger_type.toLowerCase() ?? ''
      const maker: ChannelMaker | undefined = Object.hasOwn(channelMakers, kind) ? channelMakers[kind] : undefined
      if (!trigger) continue
      if (!maker) {
        remarks.add('lost', id, kind === 'script' ? noScripts : `There is no channel of the type ${kind}.`)
        continue
      }
      const made = maker({ id, config: trigger.config, secrets, remarks })
      if (!made) continue
      const message = messageSchema.safeParse(trigger.config.message).data ?? null
      channels.set(id, { name: uniqueName(id, taken), ...made, message, from: file })
    }
  }
  return channels
}

const noScripts =
  'Scripts are not run. Give a `webhook` channel to a small service of yours that does what the script did.'
