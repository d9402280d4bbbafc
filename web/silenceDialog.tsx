import { useState } from 'react'
import { call } from './call.ts'
import { Dialog } from './dialog.tsx'
import { chainOf, nameOf } from './hexValue.tsx'
import { useLive } from './live.ts'
import type { Alert, Silence } from './types.ts'
import { useNow } from './useNow.ts'
import { utcWords } from './words.ts'

const lengths = [
  { hours: 1, words: '1 hour' },
  { hours: 4, words: '4 hours' },
  { hours: 24, words: '1 day' },
  { hours: 24 * 7, words: '1 week' },
]

/** Silences what is like the alert: never without a reason, never without an end. */
export function SilenceDialog({ alert, onClose }: { alert: Alert; onClose(): void }) {
  const { status } = useLive()
  const now = useNow()
  const chain = chainOf(status, alert.chainId)?.name
  const contract = nameOf(status, alert.chainId, alert.address)
  const scopes = scopesOf(alert, contract, chain)
  const [scope, setScope] = useState(0)
  const [hours, setHours] = useState(1)
  const [reason, setReason] = useState('')
  const endsAt = now + hours * 3_600_000

  return (
    <Dialog
      title="Silence"
      verb={`Silence until ${utcWords(endsAt, now)}`}
      onSubmit={(by) =>
        call('/silences', { match: scopes[scope]?.match, reason, endsAt: new Date(endsAt).toISOString(), by })
      }
      onClose={onClose}
    >
      <p>Nobody is told of what matches. Findings are still stored, and shown here.</p>
      <fieldset>
        <legend>What</legend>
        {scopes.map(({ words }, index) => (
          <label key={words} className="choice">
            <input type="radio" name="scope" checked={scope === index} onChange={() => setScope(index)} />
            {words}
          </label>
        ))}
      </fieldset>
      <fieldset className="row">
        <legend>For how long</legend>
        {lengths.map((length) => (
          <label key={length.hours} className="choice">
            <input
              type="radio"
              name="length"
              checked={hours === length.hours}
              onChange={() => setHours(length.hours)}
            />
            {length.words}
          </label>
        ))}
      </fieldset>
      <label>
        Why
        <textarea
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          required
          minLength={3}
          maxLength={500}
          rows={2}
          placeholder="Such as: planned migration of the treasury"
        />
      </label>
    </Dialog>
  )
}

/** What a silence made from this alert may cover, the narrowest first. */
function scopesOf(
  alert: Alert,
  contract: string | undefined,
  chain: string | undefined,
): { words: string; match: Silence['match'] }[] {
  const onChain = chain === undefined ? {} : { chains: [chain] }
  return [
    ...(contract === undefined
      ? []
      : [
          {
            words: `The monitor ${alert.monitor} on ${contract}`,
            match: { monitors: [alert.monitor], contracts: [contract], ...onChain },
          },
        ]),
    { words: `The monitor ${alert.monitor}, wherever it speaks`, match: { monitors: [alert.monitor] } },
    ...(contract === undefined
      ? []
      : [{ words: `Everything about ${contract}`, match: { contracts: [contract], ...onChain } }]),
  ]
}
