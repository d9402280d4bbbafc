import { AlertActions } from './alertActions.tsx'
import { StateChip } from './alertList.tsx'
import { Deliveries } from './deliveries.tsx'
import { ErrorWords } from './dialog.tsx'
import { explorerLink } from './explorerLink.ts'
import { Facts } from './facts.tsx'
import { AddressValue, chainOf, TransactionValue } from './hexValue.tsx'
import { SeverityMark } from './icons.tsx'
import { useLive } from './live.ts'
import { Marked } from './marked.tsx'
import { Link } from './route.tsx'
import { Time } from './time.tsx'
import type { AlertDetail, Finding } from './types.ts'
import { useCall } from './useCall.ts'
import { count, numberWords, stageWords } from './words.ts'

/** All that is known of one alert. */
export function AlertPage({ id }: { id: string }) {
  const { answer, error } = useCall<AlertDetail>(`/alerts/${encodeURIComponent(id)}`)
  return (
    <article className="alert-page">
      <p className="back">
        <Link to="/">← All alerts</Link>
      </p>
      {error && <ErrorWords error={error} />}
      {answer ? <Detail detail={answer} /> : !error && <p className="quiet">One moment…</p>}
    </article>
  )
}

function Detail({ detail }: { detail: AlertDetail }) {
  const { alert, findings, deliveries, advice, manual } = detail
  const [newest, ...older] = findings
  const response = manual?.response ?? advice
  return (
    <>
      <header className={`alert ${alert.severity}`}>
        <div className="top">
          <SeverityMark severity={alert.severity} />
          <StateChip alert={alert} />
        </div>
        <h2>{alert.title}</h2>
        <p className={`stage ${alert.stage}`}>{stageWords[alert.stage].sentence}</p>
        {alert.mutedBecause && <p className="mute">Nobody was told: {alert.mutedBecause}</p>}
        {alert.resolvedAt && (
          <p>
            Resolved <Time at={alert.resolvedAt} />. {alert.resolvedBecause}
          </p>
        )}
        <AlertActions alert={alert} />
      </header>
      <div className="columns">
        <div>
          {response && (
            <section className="advice">
              <h3>What to do</h3>
              <p>
                <Marked text={response} />
              </p>
            </section>
          )}
          <section>
            <h3>What was seen</h3>
            {newest && <FindingFacts finding={newest} />}
          </section>
          {older.length > 0 && (
            <section>
              <h3>
                Before that: {count(alert.findings - 1, 'finding')}
                {older.length < alert.findings - 1 && `, of which the newest ${older.length} are here`}
              </h3>
              {older.map((finding) => (
                <details key={finding.id}>
                  <summary>
                    {finding.title} <Time at={finding.createdAt} />
                  </summary>
                  <FindingFacts finding={finding} />
                </details>
              ))}
            </section>
          )}
        </div>
        <aside>
          <Place detail={detail} />
          <section>
            <h3>Who was told</h3>
            <Deliveries deliveries={deliveries} mutedBecause={alert.mutedBecause} />
          </section>
          {manual && <Why manual={manual} />}
        </aside>
      </div>
    </>
  )
}

function Why({ manual: { scenario, signal, knownLimits } }: { manual: NonNullable<AlertDetail['manual']> }) {
  return (
    <section>
      <h3>Why it is watched</h3>
      <p>{scenario}</p>
      <details>
        <summary>How it knows, and what it cannot see</summary>
        <p>
          <Marked text={signal} />
        </p>
        <ul className="limits">
          {knownLimits.map((limit) => (
            <li key={limit}>
              <Marked text={limit} />
            </li>
          ))}
        </ul>
      </details>
    </section>
  )
}

function Place({ detail: { alert } }: { detail: AlertDetail }) {
  const { status } = useLive()
  const chain = chainOf(status, alert.chainId)
  const monitor = status?.monitors.find(({ name, chainId }) => name === alert.monitor && chainId === alert.chainId)
  const rows = [
    ['Contract', <AddressValue key="contract" address={alert.address} chainId={alert.chainId} />],
    ['Chain', chain?.name ?? String(alert.chainId)],
    ['First seen', <Time key="first" at={alert.firstSeenAt} />],
    ...(alert.findings > 1 ? [['Last seen', <Time key="last" at={alert.lastSeenAt} />]] : []),
    ...(alert.blockNumber === null
      ? []
      : [['Block', <BlockNumber key="block" number={alert.blockNumber} chainId={alert.chainId} />]]),
    ...(alert.transactionHash
      ? [['Transaction', <TransactionValue key="hash" hash={alert.transactionHash} chainId={alert.chainId} />]]
      : []),
    ['Monitor', `${alert.monitor}${monitor?.mode === 'shadow' ? ' (shadow: tells nobody)' : ''}`],
    ...(monitor?.rule ? [['Rule', <code key="rule">{monitor.rule}</code>]] : []),
  ] as const
  return (
    <section>
      <h3>Where and when</h3>
      <dl>
        {rows.map(([name, value]) => (
          <div key={String(name)}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function BlockNumber({ number, chainId }: { number: number; chainId: number }) {
  const link = explorerLink(chainOf(useLive().status, chainId), 'block', number)
  if (!link) return numberWords(number)
  return (
    <a href={link} target="_blank" rel="noreferrer noopener">
      {numberWords(number)}
    </a>
  )
}

const evidenceWords = { hard: 'The thing itself was seen.', soft: 'A sign of it was seen.' }

function FindingFacts({ finding }: { finding: Finding }) {
  return (
    <div className="finding">
      <p>
        <b>{finding.title}</b>
      </p>
      <p className="quiet">
        {evidenceWords[finding.evidence]} Confidence: {finding.confidence}.
      </p>
      <Facts facts={finding.facts} chainId={finding.chainId} />
      <ul className="sightings">
        {finding.sightings.map(({ blockHash, blockNumber, timestamp, logIndex, canonical }) => (
          <li key={blockHash} className={canonical ? '' : 'orphaned'}>
            Block <BlockNumber number={blockNumber} chainId={finding.chainId} />
            {logIndex !== null && `, log ${logIndex}`}, <Time at={new Date(timestamp * 1000).toISOString()} />
            {!canonical && <b> The chain dropped this block.</b>}
          </li>
        ))}
        {finding.transactionHash && (
          <li>
            Transaction <TransactionValue hash={finding.transactionHash} chainId={finding.chainId} />
          </li>
        )}
      </ul>
    </div>
  )
}
