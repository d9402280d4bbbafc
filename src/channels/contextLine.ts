import { plainText } from '../lib/plainText.ts'
import type { Message } from '../model/message.ts'

/** How grave, in what state, where, and when, in one line for the small print. */
export function contextLine({ severity, alert, at }: Message): string {
  const parts = [`severity ${severity}`]
  if (alert) {
    parts.push(alert.state, alert.stage, `${alert.contract.name} on ${alert.chain.name}`, `monitor ${alert.monitor}`)
  }
  parts.push(`${at.replace('T', ' ').replace(/(\.\d+)?Z$/, '')} UTC`)
  return plainText(parts.join(' · '), 300)
}
