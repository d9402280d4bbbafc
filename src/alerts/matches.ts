import type { Matcher } from '../model/route.ts'
import type { AlertRow } from '../store/alerts.ts'
import type { AlertContext } from './alertContext.ts'

type Subject = Pick<AlertRow, 'severity' | 'monitor' | 'detector' | 'chainId' | 'address'>

/** Whether an alert is meant: every field that the matcher names must hold it. */
export function matches(context: AlertContext, matcher: Matcher, alert: Subject): boolean {
  const among = (list: readonly string[] | undefined, value: string | undefined) =>
    list === undefined || (value !== undefined && list.includes(value))
  return (
    among(matcher.severities, alert.severity) &&
    among(matcher.monitors, alert.monitor) &&
    among(matcher.detectors, alert.detector) &&
    among(matcher.contracts, context.nameOf(alert.chainId, alert.address)) &&
    among(matcher.chains, context.chains.get(alert.chainId)?.name)
  )
}
