import { Icon } from './icons.tsx'
import { judgeOldWhole, judgeWhole, type Line } from './judgeWhole.ts'
import { staleAfterMs, useLive } from './live.ts'
import type { Status } from './types.ts'
import { useLocalNow } from './useNow.ts'
import { durationWords, utcWords } from './words.ts'

const icons: Record<Line['tone'], Parameters<typeof Icon>[0]['name']> = {
  firing: 'bell',
  blind: 'noEye',
  undelivered: 'letter',
  behind: 'clock',
  held: 'hand',
  calm: 'check',
}

/** The first thing to be read: is all well, and can we see? `slim`: beside something else, without its details. */
export function Headline({ status, slim }: { status: Status; slim: boolean }) {
  const lines = useStale() ? judgeOldWhole(status) : judgeWhole(status)
  return (
    <section className={slim ? 'headline slim' : 'headline'} aria-label="The state of things" aria-live="polite">
      {lines.map((line, index) => {
        const Title = index === 0 ? 'h1' : 'p'
        return (
          <div key={line.title} className={`line ${line.tone}`}>
            <Icon name={icons[line.tone]} />
            <div>
              <Title className="title">{line.title}</Title>
              {!slim && <p>{line.detail}</p>}
            </div>
          </div>
        )
      })}
    </section>
  )
}

/** Whether what the page shows is too old to be believed. */
export function useStale(): boolean {
  const { answeredAt } = useLive()
  return useLocalNow() - (answeredAt ?? pageOpenedAt) > staleAfterMs
}

const pageOpenedAt = Date.now()

/** Says that the page is out of date, and since when. It stands above everything else. */
export function StaleBanner() {
  const { answeredAt, clockSkew } = useLive()
  const now = useLocalNow()
  if (!useStale()) return null
  return (
    <div className="stale-banner" role="alert">
      <Icon name="noEye" />
      <p>
        <strong>This page is out of date.</strong>{' '}
        {answeredAt === null ? (
          'Tocsin has not answered yet.'
        ) : (
          <>
            Tocsin does not answer. What you see is from{' '}
            <time dateTime={new Date(answeredAt + clockSkew).toISOString()}>
              {utcWords(answeredAt + clockSkew, now + clockSkew)}
            </time>
            , {durationWords((now - answeredAt) / 1000)} ago. What has happened since, it does not know.
          </>
        )}
      </p>
    </div>
  )
}
