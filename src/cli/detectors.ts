import { defineCommand } from 'citty'
import { plugIns } from '../app/plugIns.ts'
import { didYouMean } from '../config/report.ts'
import type { AnyDetector } from '../model/detector.ts'
import { KnownError } from '../model/error.ts'

export const detectorsCommand = defineCommand({
  meta: {
    name: 'detectors',
    description:
      'Lists the detectors, or tells what one of them looks at, what to do when it speaks, and what it misses.',
  },
  args: {
    detector: { type: 'positional', required: false, description: 'As it stands after `use:`. Default: a list' },
  },
  run({ args }) {
    const { detectors } = plugIns
    const names = [...detectors.keys()]
    const wanted = args.detector
    const found = wanted === undefined ? undefined : detectors.get(wanted)
    if (wanted !== undefined && !found) {
      throw new KnownError('not_found', `There is no detector \`${wanted.slice(0, 80)}\`.`, {
        hints: [didYouMean(wanted, names)],
      })
    }
    process.stdout.write(found ? manualOf(found) : listOf([...detectors.values()]))
  },
})

function listOf(all: readonly AnyDetector[]): string {
  const width = Math.max(...all.map(({ id }) => id.length))
  return all.map(({ id, title }) => `${id.padEnd(width)}  ${title}\n`).join('')
}

const manualOf = ({ id, title, scenario, signal, response, knownLimits, severity, needs }: AnyDetector): string =>
  [
    `${id}: ${title}\n`,
    scenario,
    `Signal: ${signal}`,
    `What to do: ${response}`,
    `Known limits:\n${knownLimits.map((limit) => `- ${limit}\n`).join('')}`,
    `Severity ${severity}, unless the config says another. Needs ${needs.join(', ')}.\n`,
  ].join('\n\n')
