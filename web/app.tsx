import { useEffect } from 'react'
import { AlertList, EarlierAlerts } from './alertList.tsx'
import { AlertPage } from './alertPage.tsx'
import { Attacks } from './attacks.tsx'
import { Chains } from './chains.tsx'
import { DeadMessages } from './deliveries.tsx'
import { Foot } from './foot.tsx'
import { Headline, StaleBanner, useStale } from './headline.tsx'
import { Icon } from './icons.tsx'
import { judgeWhole } from './judgeWhole.ts'
import { useLive } from './live.ts'
import { LookToggle } from './lookToggle.tsx'
import { Monitors } from './monitors.tsx'
import { Link, usePath } from './route.tsx'
import { SignIn } from './signIn.tsx'
import { Silences } from './silences.tsx'
import { Strip } from './strip.tsx'
import type { AlertPage as Page, Status } from './types.ts'
import { useCall } from './useCall.ts'
import { useLocalNow } from './useNow.ts'
import { count, utcWords } from './words.ts'

export function App() {
  const { status, signedOut } = useLive()
  const stale = useStale()
  const path = usePath()
  const title = status ? judgeWhole(status)[0]?.title : ''

  useEffect(() => {
    document.title = signedOut || !title ? 'Tocsin' : stale ? 'Out of date · Tocsin' : `${title} · Tocsin`
  }, [signedOut, stale, title])

  if (signedOut) return <SignIn />
  const alertId = /^\/alerts\/([^/]+)$/.exec(path)?.[1]
  return (
    <>
      <StaleBanner />
      <Head />
      {status && (
        <main className={stale ? 'stale' : ''}>
          <Headline status={status} slim={alertId !== undefined} />
          {alertId === undefined ? <Overview status={status} /> : <AlertPage id={decodeURIComponent(alertId)} />}
        </main>
      )}
      {!status && !stale && <p className="quiet waiting">One moment…</p>}
      {status && <Foot version={status.version} />}
    </>
  )
}

function Head() {
  const { answeredAt, clockSkew } = useLive()
  const now = useLocalNow()
  return (
    <header className="head">
      <Link to="/" className="brand">
        <Icon name="bell" /> Tocsin
      </Link>
      <span className="as-of">
        {answeredAt !== null && <>As of {utcWords(answeredAt + clockSkew, now + clockSkew)}</>}
      </span>
      <LookToggle />
    </header>
  )
}

const mostEarlier = 20
const dayMs = 24 * 3_600_000
/** Fixed when the page is opened, to the hour, so that it is one question; what is older is not drawn. */
const since = new Date(Math.floor((Date.now() - dayMs) / 3_600_000) * 3_600_000).toISOString()

function Overview({ status }: { status: Status }) {
  const { answer } = useCall<Page>(`/alerts?limit=200&since=${since}`)
  const lately = answer?.alerts ?? []
  const open = status.open
  const earlier = lately.filter(({ state }) => state === 'resolved')
  const openTotal =
    Object.values(status.counts.firing).reduce((sum, number) => sum + number, 0) +
    status.counts.acknowledged +
    status.counts.muted
  return (
    <div className="overview">
      <div className="main-column">
        <section aria-labelledby="open">
          <h2 id="open">Open alerts</h2>
          {open.length === 0 ? (
            <p className="quiet">{judgeWhole(status)[0]?.tone === 'blind' ? 'None that we can see.' : 'None.'}</p>
          ) : (
            <>
              <AlertList alerts={open} />
              {open.length < openTotal && (
                <p className="quiet">
                  The gravest {open.length} of {count(openTotal, 'open alert')} are shown.
                </p>
              )}
            </>
          )}
        </section>
        <DeadMessages messages={status.deadMessages} total={status.counts.deadMessages} />
        <section aria-labelledby="lately">
          <h2 id="lately">The last hours</h2>
          <Strip alerts={merge(lately, open)} chains={status.chains} />
          <EarlierAlerts alerts={earlier.slice(0, mostEarlier)} />
          {earlier.length > mostEarlier && (
            <p className="quiet">and {count(earlier.length - mostEarlier, 'older alert')} of this day</p>
          )}
        </section>
      </div>
      <div className="side-column">
        {status.attacks && <Attacks attacks={status.attacks} />}
        <Chains chains={status.chains} />
        <Silences silences={status.silences} />
      </div>
      <Monitors status={status} />
    </div>
  )
}

function merge(lately: Page['alerts'], open: Page['alerts']): Page['alerts'] {
  return [...new Map([...lately, ...open].map((alert) => [alert.id, alert])).values()]
}
