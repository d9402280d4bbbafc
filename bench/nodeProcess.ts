import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('serveCorpus.ts', import.meta.url))

/** What the process is told, and what it tells; times in milliseconds since the epoch. */
export type NodeOrder = { show: { blocks: number; everyMs: number } }
export type NodeReport = { url: string; wsUrl: string } | { shown: number; at: number }

/** A test node in a process of its own, so that what it does is not counted as ours. */
export type NodeProcess = {
  url: string
  wsUrl: string
  /** Lets so many hidden blocks appear, one every so often; calls back with the number of each and when it was shown. */
  show(pace: NodeOrder['show'], onShown: (number: number, at: number) => void): void
  stop(): Promise<void>
}

/** Serves the recorded blocks with receipts, or those with calls, looped: `shown` of them at once, `hidden` more when told to. */
export async function startNodeProcess({
  shown,
  hidden = 0,
  from = 'receipts',
}: {
  shown: number
  hidden?: number
  from?: 'receipts' | 'traces'
}): Promise<NodeProcess> {
  const child = fork(script, [String(shown), String(hidden), from])
  const urls = await firstReport(child)
  if (!('url' in urls)) throw new Error('the node shows blocks before it says where it is')
  return {
    ...urls,
    show(pace, onShown) {
      child.on('message', (report: NodeReport) => {
        if ('shown' in report) onShown(report.shown, report.at)
      })
      child.send({ show: pace } satisfies NodeOrder)
    },
    async stop() {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

async function firstReport(child: ChildProcess): Promise<NodeReport> {
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`the node ended with code ${code}`)
  })
  const [report]: [NodeReport] = await Promise.race([once(child, 'message') as Promise<[NodeReport]>, died])
  // Once it has reported, its end is no failure; this keeps Node from calling it unhandled.
  died.catch(() => undefined)
  return report
}
