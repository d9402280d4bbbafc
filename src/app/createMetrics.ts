import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { DeliveryNote } from '../alerts/deliverMessages.ts'
import type { ChainStatus } from '../model/status.ts'
import type { WatchNote } from '../watch/watchedChain.ts'

/** What Prometheus may read. Names and labels are stable; docs/reference/metrics.md explains them. */
export type Metrics = {
  noteWatch(chain: string, note: WatchNote): void
  noteDelivery(note: DeliveryNote): void
  /** In the text format of Prometheus. */
  text(): Promise<string>
}

/** What is looked up when somebody reads the metrics. */
type Sources = {
  chains(): ChainStatus[]
  outbox(): Promise<{ channel: string; state: 'waiting' | 'dead'; messages: number }[]>
}

export function createMetrics(sources: Sources): Metrics {
  const registers = [new Registry()]
  collectDefaultMetrics({ register: registers[0]!, prefix: 'tocsin_' })
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers })
  const blocks = counter('tocsin_blocks_total', 'Blocks judged and committed.', ['chain'])
  const findings = counter('tocsin_findings_total', 'Findings in committed blocks.', ['chain'])
  const reorgs = counter('tocsin_reorgs_total', 'Reorganisations that were followed.', ['chain'])
  const troubles = counter('tocsin_troubles_total', 'Times that the loop over a chain failed and began again.', [
    'chain',
  ])
  const deliveries = counter('tocsin_deliveries_total', 'Attempts to deliver a message.', ['channel', 'result'])
  const judging = new Histogram({
    name: 'tocsin_commit_seconds',
    help: 'From a block that was read to its commit.',
    labelNames: ['chain'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  })
  gaugesOf(sources, registers)

  return {
    noteWatch(chain, note) {
      if (note.kind === 'reorg') reorgs.inc({ chain })
      if (note.kind === 'trouble') troubles.inc({ chain })
      if (note.kind !== 'committed') return
      blocks.inc({ chain })
      findings.inc({ chain }, note.findings)
      judging.observe({ chain }, note.ms / 1000)
    },
    noteDelivery: ({ channel, result }) => deliveries.inc({ channel, result }),
    text: () => registers[0]!.metrics(),
  }
}

function gaugesOf({ chains, outbox }: Sources, registers: Registry[]): void {
  const perChain = (name: string, help: string, value: (chain: ChainStatus) => number | null) => {
    new Gauge({
      name,
      help,
      labelNames: ['chain'],
      registers,
      collect() {
        this.reset()
        for (const chain of chains()) {
          const known = value(chain)
          if (known !== null) this.set({ chain: chain.name }, known)
        }
      },
    })
  }
  perChain('tocsin_head_block', 'Newest block known.', ({ head }) => head)
  perChain('tocsin_cursor_block', 'Last block judged and committed.', ({ cursor }) => cursor)
  perChain('tocsin_lag_blocks', 'Blocks between cursor and head.', ({ lag }) => lag)
  perChain(
    'tocsin_head_lane_block',
    'Newest block that monitors without memory have judged ahead of the cursor, while it is far behind.',
    ({ headLane }) => headLane,
  )
  perChain('tocsin_blind', '1: the chain cannot be watched.', ({ blind }) => (blind ? 1 : 0))
  const perProvider = (name: string, help: string, value: (provider: ChainStatus['providers'][number]) => number) => {
    new Gauge({
      name,
      help,
      labelNames: ['chain', 'provider'],
      registers,
      collect() {
        this.reset()
        for (const chain of chains())
          for (const provider of chain.providers)
            this.set({ chain: chain.name, provider: provider.host }, value(provider))
      },
    })
  }
  perProvider('tocsin_rpc_requests', 'Requests since the start.', ({ requests }) => requests)
  perProvider('tocsin_rpc_errors', 'Requests since the start that got no usable answer.', ({ errors }) => errors)
  new Counter({
    name: 'tocsin_rpc_calls',
    help: 'JSON-RPC calls since the start, those of a batch one by one; `eth_subscription`: new heads that were told.',
    labelNames: ['chain', 'provider', 'method'],
    registers,
    collect() {
      this.reset()
      for (const chain of chains())
        for (const { host: provider, calls } of chain.providers)
          for (const [method, number] of Object.entries(calls))
            this.inc({ chain: chain.name, provider, method }, number)
    },
  })
  new Gauge({
    name: 'tocsin_messages',
    help: 'Messages in the outbox that wait or were given up.',
    labelNames: ['channel', 'state'],
    registers,
    async collect() {
      this.reset()
      for (const { channel, state, messages } of await outbox()) this.set({ channel, state }, messages)
    },
  })
}
