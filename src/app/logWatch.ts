import { KnownError } from '../model/error.ts'
import type { WatchNote } from '../watch/watchChain.ts'
import type { Logger } from './createLogger.ts'

/** Writes down what happened in the loop over a chain: what is ordinary for those who ask for it, the rest for all. */
export function logWatch(logger: Logger, chain: string, note: WatchNote): void {
  if (note.kind === 'committed') {
    const { number, hash } = note.block
    const fields = { chain, block: number, hash, findings: note.findings, blind: note.blind, ms: Math.round(note.ms) }
    if (note.findings > 0) logger.info(fields, `${chain}: ${note.findings} findings in block ${number}.`)
    else logger.debug(fields, `${chain}: block ${number}.`)
  } else if (note.kind === 'reorg') {
    logger.warn(
      { chain, from: note.from, to: note.to },
      `${chain}: a reorg took back blocks ${note.to + 1} to ${note.from}.`,
    )
  } else {
    const hints = note.error instanceof KnownError ? note.error.hints.join(' ') : ''
    logger.warn({ chain, error: note.error }, `${chain} cannot be watched just now.${hints && ` ${hints}`}`)
  }
}
