import { useState } from 'react'
import { call } from './call.ts'
import { ErrorWords } from './dialog.tsx'
import { refresh } from './live.ts'
import type { Status } from './types.ts'

/** What the demo can set off, to see how Tocsin tells of it. */
export function Attacks({ attacks }: { attacks: NonNullable<Status['attacks']> }) {
  const [running, setRunning] = useState<string | null>(null)
  const [ran, setRan] = useState<string | null>(null)
  const [error, setError] = useState<Error | null>(null)

  const run = async (name: string) => {
    setRunning(name)
    setError(null)
    try {
      await call(`/attacks/${encodeURIComponent(name)}`, {})
      setRan(name)
      await refresh()
    } catch (thrown) {
      setError(thrown instanceof Error ? thrown : new Error(String(thrown)))
    }
    setRunning(null)
  }

  return (
    <section className="panel attacks">
      <h2>This is a demo: attack it</h2>
      <p className="quiet">A local chain and a small protocol of our own. Nothing here is worth anything.</p>
      {error && <ErrorWords error={error} />}
      <ul>
        {attacks.map(({ name, title, story }) => (
          <li key={name} className="attack">
            <details>
              <summary>{title}</summary>
              <p className="quiet">{story}</p>
            </details>
            <button type="button" disabled={running !== null} onClick={() => void run(name)}>
              {running === name ? 'On its way…' : 'Set off'}
              <span className="unseen"> {title}</span>
            </button>
            {ran === name && (
              <p className="quiet" role="status">
                Its transactions are on the chain. Watch the alerts.
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
