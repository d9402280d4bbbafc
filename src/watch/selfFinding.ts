import { hash } from '../lib/hash.ts'
import { plainText } from '../lib/plainText.ts'
import type { Address } from '../model/chain.ts'
import type { Finding } from '../model/finding.ts'
import type { Severity } from '../model/severity.ts'
import { plainFacts } from './plainFacts.ts'

/** Name of the monitor that watches Tocsin itself; in routes it is matched like any other. */
export const selfMonitor = 'tocsin'

const nobody: Address = '0x0000000000000000000000000000000000000000'

/** Key of the alert about one trouble of ours, such as a chain that cannot be seen. */
export function selfAlertKey(chainId: number, trouble: string): string {
  return hash('alert', selfMonitor, chainId, trouble)
}

/**
 * A finding about ourselves: it rests on no block.
 * @param trouble Names what is wrong; findings with the same trouble join one alert.
 * @param episode Tells this time from the last, such as since when it lasts.
 */
export function selfFinding(about: {
  chainId: number
  trouble: string
  episode: string
  title: string
  severity: Severity
  facts?: Record<string, string>
}): Finding {
  return {
    id: hash('finding', selfMonitor, about.chainId, about.trouble, about.episode),
    monitor: selfMonitor,
    detector: selfMonitor,
    chainId: about.chainId,
    severity: about.severity,
    confidence: 'high',
    evidence: 'hard',
    title: plainText(about.title, 300),
    address: nobody,
    transactionHash: null,
    facts: plainFacts(about.facts ?? {}),
    alertKey: selfAlertKey(about.chainId, about.trouble),
  }
}
