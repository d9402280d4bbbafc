import type { ReactNode } from 'react'
import { AlertActions } from './alertActions.tsx'
import { byTransaction } from './byTransaction.ts'
import { chainOf, nameOf, TransactionValue } from './hexValue.tsx'
import { SeverityMark } from './icons.tsx'
import { useLive } from './live.ts'
import { alertPath, Link } from './route.tsx'
import { Time } from './time.tsx'
import type { Alert } from './types.ts'
import { count, numberWords, stageWords } from './words.ts'

/**
 * Open alerts: each in one sentence, with where, when, how sure, and what to do about it. What else one transaction set
 * off stands below the gravest.
 */
export function AlertList({ alerts }: { alerts: Alert[] }) {
  return (
    <ul className="alerts">
      {byTransaction(alerts).map(([alert, ...others]) => (
        <li key={alert.id} className={`alert ${alert.severity} ${alert.state} ${alert.mutedBecause ? 'muted' : ''}`}>
          <div className="top">
            <SeverityMark severity={alert.severity} />
            <StateChip alert={alert} />
            <StageChip stage={alert.stage} />
          </div>
          <h3>
            <Link to={alertPath(alert.id)}>{alert.title}</Link>
          </h3>
          <p className="where">
            <Where alert={alert} />
            {alert.findings > 1 && <span>{count(alert.findings, 'finding')}</span>}
            <Time at={alert.lastSeenAt} />
            {alert.blockNumber !== null && <span>block {numberWords(alert.blockNumber)}</span>}
            {alert.transactionHash && <TransactionValue hash={alert.transactionHash} chainId={alert.chainId} />}
          </p>
          {alert.mutedBecause && <p className="mute">Nobody was told: {alert.mutedBecause}</p>}
          <AlertActions alert={alert} others={others} />
          {others.length > 0 && <SameTransaction alerts={others} />}
        </li>
      ))}
    </ul>
  )
}

function SameTransaction({ alerts }: { alerts: Alert[] }) {
  return (
    <>
      <p className="same">{count(alerts.length, 'further alert')} of this transaction</p>
      <ul className="earlier">
        {alerts.map((alert) => (
          <AlertLine key={alert.id} alert={alert}>
            {alert.state === 'acknowledged' && <StateChip alert={alert} />}
          </AlertLine>
        ))}
      </ul>
    </>
  )
}

/** Alerts that are over, a line each. */
export function EarlierAlerts({ alerts }: { alerts: Alert[] }) {
  return (
    <ul className="earlier">
      {alerts.map((alert) => (
        <AlertLine key={alert.id} alert={alert} className={alert.stage}>
          <StageChip stage={alert.stage} />
          <Time at={alert.lastSeenAt} />
        </AlertLine>
      ))}
    </ul>
  )
}

/** An alert in one line; its children stand behind where it is. */
function AlertLine({ alert, className, children }: { alert: Alert; className?: string; children: ReactNode }) {
  return (
    <li className={className}>
      <SeverityMark severity={alert.severity} />
      <span>
        <Link to={alertPath(alert.id)} className="title">
          {alert.title}
        </Link>
        <span className="where">
          <Where alert={alert} />
          {children}
        </span>
      </span>
    </li>
  )
}

function Where({ alert }: { alert: Alert }) {
  const { status } = useLive()
  const chain = chainOf(status, alert.chainId)?.name ?? `chain ${alert.chainId}`
  return (
    <span>
      <b>{nameOf(status, alert.chainId, alert.address) ?? alert.monitor}</b> on {chain}
    </span>
  )
}

export function StateChip({ alert }: { alert: Alert }) {
  if (alert.state === 'firing') return <span className="chip firing">firing</span>
  if (alert.state === 'acknowledged')
    return <span className="chip acknowledged">in the hands of {alert.acknowledgedBy ?? 'somebody'}</span>
  return <span className="chip resolved">resolved</span>
}

function StageChip({ stage }: { stage: Alert['stage'] }) {
  const { short, sentence } = stageWords[stage]
  return (
    <span className={`chip stage ${stage}`} title={sentence}>
      {short}
    </span>
  )
}
