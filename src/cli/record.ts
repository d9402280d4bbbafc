import { writeFileSync } from 'node:fs'
import { defineCommand } from 'citty'
import { openClient } from '../app/openClient.ts'
import { createRecorder } from '../evm/recording/createRecorder.ts'
import { compareSeverity } from '../model/severity.ts'
import { blockSpan } from './replay/blockSpan.ts'
import { playSpan } from './replay/playSpan.ts'
import { replayedPart } from './replay/replayedPart.ts'
import { summaryText } from './replay/tally.ts'
import { refuseToWrite, unwritable } from './writeChecked.ts'

export const record = defineCommand({
  meta: {
    name: 'record',
    description:
      'Keeps a stretch of the past in a file, as far as the monitors look at it, so that `replay` needs no chain.',
  },
  args: {
    config: { type: 'string', description: 'Config file', default: 'tocsin.yaml', valueHint: 'FILE' },
    from: { type: 'string', description: 'First block', required: true, valueHint: 'N' },
    to: { type: 'string', description: 'Last block, included', required: true, valueHint: 'M' },
    chain: { type: 'string', description: 'Name of the chain, where the config has several', valueHint: 'NAME' },
    out: { type: 'string', description: 'File to write', default: 'recording.jsonl', valueHint: 'FILE' },
    force: { type: 'boolean', description: 'Overwrite the file' },
  },
  async run({ args }) {
    const span = blockSpan(args.from, args.to)
    const { chain, monitors } = replayedPart(args)
    refuseToWrite(args.out, args.force)
    const recorder = createRecorder({ chainId: chain.id, ...span })
    const client = openClient(chain, recorder.listen)
    let pages = 0
    const summary = await playSpan({ client, monitors, span, lookBack: 0 }, ({ sighted }) => {
      pages += sighted.filter(({ finding }) => compareSeverity(finding.severity, 'high') >= 0).length
    })
    process.stdout.write(summaryText(summary))
    if (summary.blind.length > 0) process.exitCode = 3
    if (summary.blocks === 0) return
    const { answers, text } = recorder.recording()
    try {
      writeFileSync(args.out, text)
    } catch (cause) {
      throw unwritable(args.out, cause)
    }
    const size = `${Math.ceil(Buffer.byteLength(text) / 1024).toLocaleString('en')} KiB`
    process.stdout.write(
      [
        `${args.out} holds ${answers.toLocaleString('en')} answers, ${size}; ${pages} of the findings are high or graver.`,
        `Play it, with this config or another: tocsin replay --recording ${args.out}`,
        '',
      ].join('\n'),
    )
  },
})
