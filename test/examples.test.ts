import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import type { Hex } from '../src/model/chain.ts'
import { block, event, type SomeLog, tx } from './harness/node/block.ts'
import { startNode } from './harness/node/startNode.ts'

/** What each example must notice: one event of its own contracts, at its limit. */
const planted: Record<string, { chain: string; monitor: string; log: SomeLog }> = {
  'token-team': {
    chain: 'mainnet',
    monitor: 'minted',
    log: event(
      'event Transfer(address indexed from, address indexed to, uint256 amount)',
      '0x1f9840a85d5af5bf1d1762f925bdaddc4201f984',
      {
        from: `0x${'0'.repeat(40)}`,
        to: `0x${'1'.repeat(40)}`,
        amount: 5n,
      },
    ),
  },
  'lending-protocol': {
    chain: 'mainnet',
    monitor: 'big-withdrawal',
    log: event(
      'event Withdraw(address indexed src, address indexed to, uint256 amount)',
      '0xc3d688b66703497daa19211eedff47f25384cdc3',
      {
        src: `0x${'2'.repeat(40)}`,
        to: `0x${'3'.repeat(40)}`,
        amount: 20_000_000_000_001n,
      },
    ),
  },
  dao: {
    chain: 'mainnet',
    monitor: 'queued',
    log: event('event ProposalQueued(uint256 proposalId, uint256 eta)', '0x323a76393544d5ecca80cd6ef2a560c6a395b7e3', {
      proposalId: 7n,
      eta: 1_800_000_000n,
    }),
  },
}

/** Every name that the examples take from the environment, set to something of the right form. */
const environment = (rpc: string) => ({
  ...process.env,
  ...Object.fromEntries(['RPC_URL', 'RPC_A', 'RPC_B', 'RPC_MAINNET', 'RPC_BASE'].map((name) => [name, rpc])),
  ...Object.fromEntries(
    ['SLACK_URL', 'DISCORD_URL', 'WEBHOOK_URL', 'HEARTBEAT_URL'].map((name) => [name, 'https://hooks.example.org/x']),
  ),
  ...Object.fromEntries(
    ['PAGERDUTY_KEY', 'TELEGRAM_TOKEN', 'SMTP_PASSWORD', 'WEBHOOK_SECRET'].map((name) => [
      name,
      `${name}-0123456789abcdef-0123456789`,
    ]),
  ),
})

test.each(Object.entries(planted))(
  'the example %s runs and notices what it is for',
  async (name, { chain, monitor, log }) => {
    const first = block({ number: 100 })
    const second = block({ parent: first, transactions: [tx({ to: log.address, logs: [log] })] })
    const node = await startNode({ blocks: [first, second] })
    const range = ['--from', '100', '--to', '101', '--chain', chain, '--look-back', '0', '--format', 'ndjson']
    const args = ['src/cli/main.ts', 'replay', '--config', `examples/${name}/tocsin.yaml`, ...range]
    const child = spawn(process.execPath, args, { env: environment(node.url) })
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
    await node.close()
    expect(errors).toBe('')
    const lines = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; monitor?: string; transactionHash?: Hex; blocks?: number })
    const found = lines.filter((line) => line.kind === 'finding' && line.monitor === monitor)
    expect(found.map(({ transactionHash }) => transactionHash)).toEqual([second.block.transactions[0]!.hash])
    expect(lines.at(-1)).toMatchObject({ kind: 'summary', blocks: 2 })
  },
)
