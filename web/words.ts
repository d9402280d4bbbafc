import type { Alert, Chain, Delivery, Severity } from './types.ts'

/** From the gravest to the least. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const satisfies Severity[]

export const severityWords: Record<Severity, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
}

/** How sure the chain is of an alert: in short, and as a sentence. */
export const stageWords: Record<Alert['stage'], { short: string; sentence: string }> = {
  provisional: { short: 'may still vanish', sentence: 'Seen in the newest block; it may still vanish.' },
  confirmed: { short: 'confirmed', sentence: 'Confirmed by later blocks; it will hardly vanish any more.' },
  final: { short: 'final', sentence: 'Final: it cannot vanish any more.' },
  retracted: { short: 'retracted', sentence: 'Retracted: a reorganisation of the chain took it away. It never was.' },
}

export const kindWords: Record<Delivery['kind'], string> = {
  firing: 'that it fires',
  updated: 'that it grew',
  acknowledged: 'that somebody has it in hand',
  resolved: 'that it is over',
  retracted: 'that it never was',
  test: 'a test',
}

/** Whether what providers say of blocks is recomputed here: in a word, and what of it. */
export function verifiedWords({ header, transactions, receipts }: Chain['verified']): {
  word: string
  sentence: string
} {
  const parts = [
    { name: 'hashes', is: header },
    { name: 'transactions', is: transactions },
    { name: 'receipts', is: receipts },
  ]
  const which = (wanted: boolean) => listWords(parts.filter(({ is }) => is === wanted).map(({ name }) => name))
  const [proved, trusted] = [which(true), which(false)]
  if (trusted) return { word: 'unverified', sentence: `Their ${trusted} are taken on trust.` }
  return proved
    ? { word: 'verified', sentence: `Their ${proved} are recomputed here.` }
    : { word: 'not checked yet', sentence: '' }
}

const integers = new Intl.NumberFormat('en-US')

export function numberWords(value: number): string {
  return integers.format(value)
}

/** A number as far as an estimate goes: two digits of it. `390,000`, `9.6 million`. */
export function aboutWords(value: number): string {
  const rounded = Number(value.toPrecision(2))
  return rounded < 1e6 ? numberWords(rounded) : `${numberWords(rounded / 1e6)} million`
}

/** `1 alert`, `2 alerts`. */
export function count(number: number, noun: string): string {
  return `${numberWords(number)} ${noun}${number === 1 ? '' : 's'}`
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listWords(names: readonly string[], most = 3): string {
  const shown = names.length > most ? [...names.slice(0, most - 1), `${names.length - most + 1} more`] : [...names]
  const last = shown.pop() ?? ''
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`
}

/** A span of time in its one or two largest units: `42 s`, `3 min`, `2 h 5 min`, `4 days`. */
export function durationWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} days`
}

/** `02:13:49 UTC`, with the date before it where it is not the day of `now`. */
export function utcWords(at: number, now: number): string {
  const iso = new Date(at).toISOString()
  const time = `${iso.slice(11, 19)} UTC`
  return iso.slice(0, 10) === new Date(now).toISOString().slice(0, 10) ? time : `${iso.slice(0, 10)} ${time}`
}

/** `4 min ago`, `in 2 h`; within two seconds: `just now`. */
export function agoWords(at: number, now: number): string {
  const seconds = (now - at) / 1000
  if (Math.abs(seconds) < 2) return 'just now'
  return seconds > 0 ? `${durationWords(seconds)} ago` : `in ${durationWords(-seconds)}`
}
