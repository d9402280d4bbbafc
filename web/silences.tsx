import { useState } from 'react'
import { call } from './call.ts'
import { ErrorWords } from './dialog.tsx'
import { refresh } from './live.ts'
import { Time } from './time.tsx'
import type { Silence } from './types.ts'
import { listWords } from './words.ts'

/** What nobody is told of just now, with who wanted it so, why, and until when. */
export function Silences({ silences }: { silences: Silence[] }) {
  const [error, setError] = useState<Error | null>(null)
  const end = (id: string) => call(`/silences/${encodeURIComponent(id)}/end`, {}).then(refresh)

  return (
    <section className="panel">
      <h2>Silences</h2>
      {silences.length === 0 && <p className="quiet">None: people are told of everything that fires.</p>}
      <ul className="silences">
        {silences.map((silence) => (
          <li key={silence.id}>
            <p>
              <b>{matchWords(silence.match)}</b> ends <Time at={silence.endsAt} />
            </p>
            <p className="quiet">
              {silence.createdBy}: {silence.reason}
            </p>
            <button type="button" onClick={() => void end(silence.id).catch(setError)}>
              End now
            </button>
          </li>
        ))}
      </ul>
      {error && <ErrorWords error={error} />}
    </section>
  )
}

/** A matcher in words, such as `monitor drain, contract vault`. */
function matchWords(match: Silence['match']): string {
  const parts = [
    ['severity', match.severities],
    ['monitor', match.monitors],
    ['detector', match.detectors],
    ['contract', match.contracts],
    ['chain', match.chains],
  ] as const
  const words = parts.flatMap(([noun, values]) => (values?.length ? [`${noun} ${listWords(values)}`] : []))
  return words.length === 0 ? 'everything' : words.join(', ')
}
