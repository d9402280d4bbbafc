import { Time } from './time.tsx'
import type { Chain, Provider } from './types.ts'
import { aboutWords, count, listWords, numberWords } from './words.ts'

const stateWords = {
  untried: 'not asked yet',
  ok: 'answers',
  failing: 'fails',
  refused: 'serves another chain',
  distrusted: 'not believed',
}

/** How the providers of a chain do, and what they are asked: that is what is paid for. */
export function Providers({ chain: { providers, head } }: { chain: Chain }) {
  return (
    <ul className="providers">
      {providers.map((provider) => {
        const late = head !== null && provider.head !== null && provider.state === 'ok' ? head - provider.head : 0
        return (
          <li key={provider.host} className={provider.state}>
            <span className="host">{provider.host}</span>
            <span className="state">{stateWords[provider.state]}</span>
            <span className="quiet">
              {provider.latencyMs !== null && `${Math.round(provider.latencyMs)} ms, `}
              {count(provider.requests, 'request')}, {count(provider.errors, 'error')}
              {late > 1 && `, ${count(late, 'block')} behind`}
            </span>
            <Asked provider={provider} />
            {provider.lastError && provider.state !== 'ok' && <span className="why">{provider.lastError}</span>}
          </li>
        )
      })}
    </ul>
  )
}

/** The calls of a provider: by method, and in a day if it goes on like this. */
function Asked({ provider: { calls, since, day } }: { provider: Provider }) {
  const methods = Object.entries(calls).toSorted(([, a], [, b]) => b - a)
  const all = methods.reduce((sum, [, number]) => sum + number, 0)
  if (all === 0) return null
  return (
    <details className="asked">
      <summary>{day === null ? count(all, 'call') : `About ${dayWords(day)}`}</summary>
      <p>
        {count(all, 'call')} since <Time at={since} />
      </p>
      <dl>
        {methods.map(([method, number]) => (
          <div key={method}>
            <dt>{method}</dt>
            <dd>{numberWords(number)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

function dayWords({ calls, credits }: NonNullable<Provider['day']>): string {
  const words = `${aboutWords(calls)} calls a day`
  if (credits === null) return words
  const without = credits.unpriced.length > 0 ? ` without ${listWords(credits.unpriced)}` : ''
  return `${words}, ${aboutWords(credits.amount)} ${credits.unit} at ${credits.provider}${without}`
}
