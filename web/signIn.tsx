import { useState } from 'react'
import { call, Refusal } from './call.ts'
import { ErrorWords } from './dialog.tsx'
import { refresh } from './live.ts'

/**
 * Exchanges the one-time token of the link, where there is one, for a session, and takes it out of the address. It
 * stands behind the #, which browsers send to nobody.
 */
export async function exchangeToken(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token === null) return
  try {
    await call('/session', { token })
  } catch (error) {
    // Not answered: the token stays where it is, for another try. Refused: it was used before; who has a session goes
    // on, and who has none is asked for a new link.
    if (!(error instanceof Refusal)) return
  }
  history.replaceState(null, '', location.pathname)
}

export function SignIn() {
  const [link, setLink] = useState('')
  const [error, setError] = useState<Error | null>(null)

  const signIn = async () => {
    setError(null)
    const token = /(?:#token=)?([\w-]{20,})\s*$/.exec(link)?.[1] ?? link.trim()
    try {
      await call('/session', { token })
      await refresh()
    } catch (thrown) {
      setError(thrown instanceof Error ? thrown : new Error(String(thrown)))
    }
  }

  return (
    <main className="sign-in">
      <h1>Who is there?</h1>
      <p>
        Open the link that Tocsin printed when it started, or paste it here. It works once. Somebody who is signed in
        can give you another: <i>Sign in elsewhere</i>, at the foot of the console.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void signIn()
        }}
      >
        <label>
          Link or token
          <input
            value={link}
            onChange={(event) => setLink(event.target.value)}
            required
            autoComplete="off"
            spellCheck={false}
          />
        </label>
        {error && <ErrorWords error={error} />}
        <div className="buttons">
          <button type="submit" className="main">
            Sign in
          </button>
        </div>
      </form>
    </main>
  )
}
