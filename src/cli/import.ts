import { defineCommand } from 'citty'
import { KnownError } from '../model/error.ts'
import { importFolder } from './import/importFolder.ts'
import { describeRemarks } from './import/remarks.ts'

const oz = defineCommand({
  meta: {
    name: 'oz',
    description:
      'Makes a config out of that of OpenZeppelin Monitor or Defender, and says what could not be carried over.',
  },
  args: {
    dir: {
      type: 'positional',
      required: true,
      description: 'The folder with networks/, monitors/ and triggers/, or with monitors of Defender; or one such file',
    },
    out: { type: 'string', description: 'File to write', default: 'tocsin.yaml', valueHint: 'FILE' },
    force: { type: 'boolean', description: 'Overwrite the config and the ABIs beside it if they are there' },
  },
  run({ args: { dir, out, force } }) {
    const { imported, remarks } = importFolder(dir, { out, force: force === true })
    for (const line of describeRemarks(remarks, Number.POSITIVE_INFINITY)) say(line)
    const { chains, contracts, monitors, channels } = imported
    if (monitors.length === 0) {
      throw new KnownError('invalid', `Nothing in ${dir} could be carried over, so that ${out} is not written.`, {
        hints: ['Name the folder that holds networks/, monitors/ and triggers/, or monitors of Defender as JSON.'],
      })
    }
    const counts = [
      many(chains.length, 'chain'),
      many(contracts.length, 'contract'),
      many(monitors.length, 'monitor'),
      many(channels.length, 'channel'),
    ]
    say(`${out} is written: ${counts.join(', ')}.\n\n${nextSteps(out)}`)
  },
})

export const importCommand = defineCommand({
  meta: { name: 'import', description: 'Takes over the configuration of another monitor.' },
  subCommands: { oz },
})

const say = (text: string) => void process.stdout.write(`${text}\n`)

const many = (count: number, noun: string) => `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`

const nextSteps = (out: string) =>
  [
    'Next:',
    `  1. Read ${out}: what was not carried over stands at its head, and above each monitor where it came from.`,
    '  2. Set the variables that are named above.',
    `  3. npx tocsin check --config ${out}`,
    `  4. npx tocsin replay --config ${out} --from N --to M, over blocks of which you have the old alerts`,
  ].join('\n')
