import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export type FindingLine = {
  kind: 'finding'
  monitor: string
  detector: string
  transactionHash: string | null
  logIndex: number | null
  [field: string]: unknown
}
export type SummaryLine = {
  kind: 'summary'
  blocks: number
  findings: number
  rpcCalls: number
  blind: { monitor: string; reason: string; blocks: number }[]
  [field: string]: unknown
}

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

type Range = { config: string; from: number; to: number }

/** `tocsin replay` as a process of its own. */
export function startReplay(rpc: string, { config, from, to }: Range) {
  const args = ['replay', '--config', config, '--from', String(from), '--to', String(to), '--format', 'ndjson']
  return spawn(process.execPath, [main, ...args], { env: { ...process.env, TOCSIN_CORPUS_RPC: rpc } })
}

/** Runs it to its end: what it printed. */
export async function runReplay(
  rpc: string,
  range: Range,
): Promise<{ code: number; findings: FindingLine[]; summary: SummaryLine; errors: string }> {
  const child = startReplay(rpc, range)
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  const lines = output.split('\n')
  if (lines.pop() !== '') throw new Error(`the last line does not end: ${output.slice(-200)}\n${errors}`)
  const parsed = lines.map((line) => JSON.parse(line) as FindingLine | SummaryLine)
  const summary = parsed.pop()
  if (summary?.kind !== 'summary') throw new Error(`there is no summary: ${errors}`)
  return { code: code as number, findings: parsed.filter((line) => line.kind === 'finding'), summary, errors }
}

/** monitor -> `transactionHash:logIndex` of each of its findings, sorted, as `expectedFindings` has them. */
export function placesOf(findings: readonly FindingLine[]): Record<string, string[]> {
  const places: Record<string, string[]> = {}
  for (const { monitor, transactionHash, logIndex } of findings) {
    places[monitor] = [...(places[monitor] ?? []), `${transactionHash}:${logIndex ?? '-'}`].sort()
  }
  return places
}
