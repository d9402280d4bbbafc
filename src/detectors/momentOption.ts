import { z } from 'zod'

export const momentOption = z
  .string()
  .refine(
    (text) => !Number.isNaN(secondsOf(text)),
    'write a day such as 2026-12-01 or a time such as 2026-12-01T14:00Z',
  )

const daySeconds = 86_400

/** Unix seconds of the beginning of a day, or of a time; without a zone it is UTC. Not a number: it is none. */
export function secondsOf(text: string): number {
  if (isDay(text)) return Date.parse(text) / 1000
  const [, time, zone] = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?$/.exec(text) ?? []
  return time === undefined ? Number.NaN : Date.parse(`${time}${zone ?? 'Z'}`) / 1000
}

/** As `secondsOf`, where a day is meant to be over. */
export const endOf = (text: string): number => secondsOf(text) + (isDay(text) ? daySeconds : 0)

const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text)
