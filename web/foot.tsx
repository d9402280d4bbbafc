import { useState } from 'react'
import { call } from './call.ts'
import { HexValue } from './hexValue.tsx'

/** Version, and the way to open the console in another browser. */
export function Foot({ version }: { version: string }) {
  const [link, setLink] = useState<string | null>(null)
  const invite = async () => {
    const { token } = await call<{ token: string }>('/tokens', {})
    setLink(`${location.origin}/#token=${token}`)
  }
  return (
    <footer>
      <span>Tocsin {version}</span>
      <a href="/api/openapi.json">API</a>
      <button type="button" className="plain" onClick={() => void invite().catch(() => setLink(null))}>
        Sign in elsewhere
      </button>
      {link && (
        <span role="status">
          A link that works once, within ten minutes: <HexValue whole={link} noun="link" />
        </span>
      )}
    </footer>
  )
}
