import { Document, isScalar, visit } from 'yaml'
import { defaultMonitors } from '../../config/defaultMonitors.ts'
import { plainText } from '../../lib/plainText.ts'
import type { MonitorReport } from '../../review/reportWarmUp.ts'
import { configOf } from './configOf.ts'
import { whyWords } from './whyWords.ts'

const lineMax = 300

/**
 * The changes as lines of a config, each with its reason; none where nothing is proposed.
 *
 * @param hasDefaults The config names no monitors. Then all that it has stand here: whoever names one gives up the others.
 */
export function pasteLines(monitors: readonly MonitorReport[], hasDefaults: boolean): string[] {
  const changed = monitors.filter((report) => configOf(report) !== null)
  if (changed.length === 0) return []
  const shown = hasDefaults ? monitors : changed
  return [
    'monitors:',
    ...shown.flatMap((report) => {
      const config = configOf(report)
      const reasons = config === null ? [] : whyWords(report).map((words) => `  # ${plainText(words, lineMax)}`)
      return [...reasons, yamlOf(report.monitor, hasDefaults ? wholeOf(report, config) : config)]
    }),
  ]
}

/** A default monitor as it would have to be written out. */
function wholeOf({ monitor, detector }: MonitorReport, config: Record<string, unknown> | null) {
  const given = defaultMonitors[monitor]?.options ?? {}
  const options = { ...given, ...(config?.options as object | undefined) }
  return { use: detector, ...config, ...(Object.keys(options).length > 0 && { options }) }
}

function yamlOf(name: string, entry: unknown): string {
  const document = new Document({ [name]: entry })
  visit(document, {
    Pair(_, { key, value }) {
      if (isScalar(key) && key.value === 'options' && value && typeof value === 'object')
        Object.assign(value, { flow: true })
    },
  })
  return document.toString({ lineWidth: 0 }).trimEnd().replaceAll(/^/gm, '  ')
}
