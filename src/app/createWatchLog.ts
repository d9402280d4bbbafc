import { KnownError } from '../model/error.ts'
import type { WatchNote } from '../watch/watchedChain.ts'
import type { Logger } from './createLogger.ts'

/** The same trouble comes back with every try; it is said again after this time. */
const repeatMs = 60_000

/** Writes down what happens in the loop over a chain: what is ordinary for those who ask for it, the rest for all. */
export function createWatchLog(logger: Logger, chain: string): (note: WatchNote) => void {
  let last = { message: '', at: Number.NEGATIVE_INFINITY }
  return (note) => {
    const message = note.kind === 'trouble' ? String(note.error) : ''
    const repeated = message !== '' && message === last.message && performance.now() - last.at < repeatMs
    if (repeated) return
    last = { message, at: performance.now() }
    write(logger, chain, note)
  }
}

function write(logger: Logger, chain: string, note: WatchNote): void {
  if (note.kind === 'committed') {
    const { number, hash } = note.block
    const fields = { chain, block: number, hash, findings: note.findings, blind: note.blind, ms: Math.round(note.ms) }
    if (note.findings > 0)
      logger.info(
        fields,
        `${chain}: ${note.findings === 1 ? 'one finding' : `${note.findings} findings`} in block ${number}.`,
      )
    else logger.debug(fields, `${chain}: block ${number}.`)
  } else if (note.kind === 'reorg') {
    logger.warn(
      { chain, from: note.from, to: note.to },
      `${chain}: a reorg took back blocks ${note.to + 1} to ${note.from}.`,
    )
  } else if (note.kind === 'learnt') {
    const { range, past, cut } = note.lesson
    if (!range) {
      logger.warn({ chain }, `${chain}: ${note.monitors.length} new monitors could not learn what is usual: ${cut}`)
      return
    }
    const { from, to } = range
    const what = `${chain}: ${note.monitors.length} new monitors learnt what is usual from blocks ${from} to ${to}`
    const rest =
      past > 0 ? ` What they found there is told to nobody: tocsin replay --from ${from} --to ${to} shows it.` : ''
    logger.info({ chain, ...range, past }, `${what}${cut ? `, and no further: ${cut}` : ''}.${rest}`)
  } else {
    const hints = note.error instanceof KnownError ? note.error.hints.join(' ') : ''
    logger.warn({ chain, error: note.error }, `${chain} cannot be watched just now.${hints && ` ${hints}`}`)
  }
}
