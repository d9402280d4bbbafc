import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * What each monitor of tocsin.yaml must find in the recorded blocks, counted by a script that uses none of our code.
 * Each as `transactionHash:logIndex`, or `transactionHash:-` where no log is meant: true under any block numbers.
 */
export function expectedFindings(): Record<string, string[]> {
  const script = fileURLToPath(new URL('countFindings.mjs', import.meta.url))
  const printed = execFileSync(process.execPath, [script], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 })
  const byMonitor = Object.entries(JSON.parse(printed) as Record<string, string[]>)
  return Object.fromEntries(byMonitor.map(([monitor, found]) => [monitor, found.map(withoutBlock)]))
}

const withoutBlock = (place: string): string => place.slice(place.indexOf(':') + 1)
