import { useState } from 'react'
import { call } from './call.ts'
import { Dialog, ErrorWords } from './dialog.tsx'
import { refresh } from './live.ts'
import { SilenceDialog } from './silenceDialog.tsx'
import type { Alert } from './types.ts'
import { useStored } from './useStored.ts'

/**
 * What a person can do about an alert. Acknowledging asks for a name the first time only, and takes the others with it,
 * which the same transaction set off.
 */
export function AlertActions({ alert, others = [] }: { alert: Alert; others?: Alert[] }) {
  const [open, setOpen] = useState<'acknowledge' | 'silence' | 'resolve' | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const [name] = useStored('name')
  const close = () => setOpen(null)
  const path = pathOf(alert)
  const firing = [alert, ...others].filter(({ state }) => state === 'firing')
  const acknowledge = async (by: string) => {
    await Promise.all(firing.map((each) => call(`${pathOf(each)}/acknowledge`, { by })))
  }

  if (alert.state === 'resolved') return null
  return (
    <div className="buttons">
      {firing.length > 0 && (
        <button
          type="button"
          className="main"
          onClick={() => {
            if (name === '') return setOpen('acknowledge')
            setError(null)
            acknowledge(name).then(refresh, setError)
          }}
        >
          {firing.length > 1 ? `Acknowledge all ${firing.length}` : 'Acknowledge'}
        </button>
      )}
      <button type="button" onClick={() => setOpen('silence')}>
        Silence…
      </button>
      <button type="button" onClick={() => setOpen('resolve')}>
        Resolve…
      </button>
      {error && <ErrorWords error={error} />}
      {open === 'acknowledge' && (
        <Dialog title="Acknowledge" verb="I have it in hand" onSubmit={acknowledge} onClose={close}>
          <p>The others see that somebody looks after it. It stays open until it is over.</p>
        </Dialog>
      )}
      {open === 'resolve' && <ResolveDialog path={path} onClose={close} />}
      {open === 'silence' && <SilenceDialog alert={alert} onClose={close} />}
    </div>
  )
}

const pathOf = ({ id }: Alert) => `/alerts/${encodeURIComponent(id)}`

function ResolveDialog({ path, onClose }: { path: string; onClose(): void }) {
  const [reason, setReason] = useState('')
  return (
    <Dialog
      title="Resolve"
      verb="It is over"
      onSubmit={(by) => call(`${path}/resolve`, { by, reason })}
      onClose={onClose}
    >
      <label>
        Why is it over?
        <textarea
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          required
          minLength={3}
          maxLength={500}
          rows={3}
        />
      </label>
    </Dialog>
  )
}
