import pino, { type Logger } from 'pino'
import { KnownError } from '../model/error.ts'

export type { Logger }

/**
 * The log: JSON lines on stderr, or short lines for people. Secrets are wrapped from the moment the config is read, so
 * that none can get here; errors that we raise are logged by their sentence, others with their stack.
 */
export function createLogger({ format, level = 'info' }: { format: 'json' | 'text'; level?: string }): Logger {
  const options = { level, base: null, serializers: { error: showError } }
  const stream = { write: (line: string) => void process.stderr.write(format === 'json' ? line : inWords(line)) }
  return pino(options, stream)
}

function showError(error: unknown): unknown {
  if (error instanceof KnownError) return { code: error.code, message: error.message }
  return error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) }
}

const words: Record<number, string> = { 30: '', 40: 'warning  ', 50: 'ERROR  ', 60: 'FATAL  ' }

function inWords(line: string): string {
  const { level, time, msg, error } = JSON.parse(line) as {
    level: number
    time: number
    msg: string
    error?: { message: string }
  }
  const clock = new Date(time).toISOString().slice(11, 19)
  return `${clock}  ${words[level] ?? ''}${msg}${error ? ` ${error.message}` : ''}\n`
}
