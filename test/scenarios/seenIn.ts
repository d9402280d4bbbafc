import type { ChainClient } from '../../src/evm/rpc/chainClient.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { Monitor } from '../../src/model/monitor.ts'
import { compareSeverity } from '../../src/model/severity.ts'
import { learn } from '../../src/watch/learn.ts'
import { replay } from '../../src/watch/replay.ts'

export type Seen = Pick<Finding, 'monitor' | 'detector' | 'severity' | 'evidence' | 'title' | 'address'> & {
  block: number
}
export type Blind = { monitor: string; reason: string; block: number }

/** Whether somebody is woken for it. */
export const pages = ({ severity }: Seen) => compareSeverity(severity, 'high') >= 0

/** Last block before an attack and last of it, and whom a finding of it may name. */
export type Course = { known: number; last: number; victims: readonly string[] }

/** What was said of an attack in time, that somebody is woken for and that names a victim. */
export const foundIn = (seen: readonly Seen[], { known, last, victims }: Course): Seen[] =>
  seen.filter((each) => known < each.block && each.block <= last && pages(each) && victims.includes(each.address))

/** All that some monitors say of some blocks, after `lookBack` blocks to learn from; and who could not look. Closes the client. */
export async function seenIn(
  client: ChainClient,
  monitors: readonly Monitor[],
  { lookBack = 0, ...range }: { from: number; to: number; lookBack?: number },
): Promise<{ seen: Seen[]; blind: Blind[] }> {
  const seen: Seen[] = []
  const blind: Blind[] = []
  try {
    const source = { client, monitors, ahead: 4 }
    const learnt = await learn(source, { first: range.from, lookBack })
    for await (const { block, sighted, blind: unseeing, faults } of replay(source, range, learnt)) {
      for (const { finding } of sighted) {
        const { monitor, detector, severity, evidence, title, address } = finding
        seen.push({ monitor, detector, severity, evidence, title, address, block: block.number })
      }
      for (const each of unseeing) blind.push({ ...each, block: block.number })
      for (const reason of faults) blind.push({ monitor: '*', reason, block: block.number })
    }
  } finally {
    client.close()
  }
  return { seen, blind }
}
