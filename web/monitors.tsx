import { AddressValue, chainOf } from './hexValue.tsx'
import { SeverityMark } from './icons.tsx'
import { SightReason, SightWords } from './sightWords.tsx'
import { Time } from './time.tsx'
import type { Monitor, Status } from './types.ts'
import { numberWords } from './words.ts'

const modeWords = { active: 'tells people', shadow: 'shadow: tells nobody', off: 'off' }
const sightOrder = { blind: 0, behind: 1, seen: 2, off: 3 }

/** What is watched, by which monitor, and whether it looks; those that do not look come first. */
export function Monitors({ status }: { status: Status }) {
  const monitors = status.monitors.toSorted((a, b) => sightOrder[a.sight.state] - sightOrder[b.sight.state])
  return (
    <section className="panel">
      <h2>Monitors</h2>
      <table className="monitors">
        <thead>
          <tr>
            <th scope="col">Monitor</th>
            <th scope="col">Watches</th>
            <th scope="col">Severity</th>
            <th scope="col">Sight</th>
            <th scope="col">Last judged</th>
          </tr>
        </thead>
        <tbody>
          {monitors.map((monitor) => (
            <tr key={`${monitor.chainId} ${monitor.name}`} className={`${monitor.sight.state} ${monitor.mode}`}>
              <th scope="row">
                {monitor.name}
                <span className="quiet">
                  {monitor.title}
                  {monitor.mode !== 'active' && (
                    <>
                      {' '}
                      <span className="chip">{modeWords[monitor.mode]}</span>
                    </>
                  )}
                </span>
                {monitor.rule && <code className="rule">{monitor.rule}</code>}
              </th>
              <td data-label="Watches">
                {monitor.on.map(({ name, address }) => (
                  <div key={name}>
                    <AddressValue address={address} chainId={monitor.chainId} />
                  </div>
                ))}
              </td>
              <td data-label="Severity">
                <SeverityMark severity={monitor.severity} />
              </td>
              <td data-label="Sight">
                <SightWords sight={monitor.sight} />
                <WhyNot monitor={monitor} status={status} />
              </td>
              <td data-label="Last judged">
                <LastJudged monitor={monitor} status={status} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** Why a monitor does not look; where it is for its chain, the chain says it. */
function WhyNot({ monitor, status }: { monitor: Monitor; status: Status }) {
  const chain = chainOf(status, monitor.chainId)
  if (chain?.sight.state === 'blind' && chain.sight.reason === monitor.sight.reason)
    return <p className="why">with {chain.name}</p>
  return <SightReason sight={monitor.sight} />
}

/** A monitor that looks has judged what its chain's cursor has passed. */
function LastJudged({ monitor, status }: { monitor: Monitor; status: Status }) {
  const chain = chainOf(status, monitor.chainId)
  if (monitor.sight.state === 'off') return <span className="quiet">not asked to</span>
  if (!chain || chain.cursor === null || chain.cursorTimestamp === null) return <>never</>
  if (monitor.sight.state === 'blind' && chain.sight.state !== 'blind') return <>not since it is blind</>
  return (
    <>
      block {numberWords(chain.cursor)}, <Time at={new Date(chain.cursorTimestamp * 1000).toISOString()} />
    </>
  )
}
