import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { Refusal } from './call.ts'
import { refresh } from './live.ts'
import { useStored } from './useStored.ts'

type DialogProps = {
  title: string
  /** What the button says that does it. */
  verb: string
  children: ReactNode
  /** Does it, in the name of `by`. */
  onSubmit(by: string): Promise<void>
  onClose(): void
}

/** Asks for what an act needs, and for a name, which this browser keeps; then does it, or says why it could not. */
export function Dialog({ title, verb, children, onSubmit, onClose }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  const [name, keepName] = useStored('name')
  const [by, setBy] = useState(name)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const heading = useId()

  useEffect(() => element.current?.showModal(), [])

  const submit = async () => {
    setBusy(true)
    setError(null)
    try {
      await onSubmit(by.trim())
      keepName(by.trim())
      await refresh()
      onClose()
    } catch (thrown) {
      setError(thrown instanceof Error ? thrown : new Error(String(thrown)))
      setBusy(false)
    }
  }

  return (
    <dialog ref={element} onClose={onClose} aria-labelledby={heading}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <h2 id={heading}>{title}</h2>
        {children}
        <label>
          Your name
          <input
            value={by}
            onChange={(event) => setBy(event.target.value)}
            required
            maxLength={80}
            autoComplete="name"
          />
          <small>Kept in this browser. The others see who it was.</small>
        </label>
        {error && <ErrorWords error={error} />}
        <div className="buttons">
          <button type="submit" className="main" disabled={busy}>
            {busy ? 'One moment…' : verb}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  )
}

export function ErrorWords({ error }: { error: Error }) {
  const hints = error instanceof Refusal ? error.hints : []
  const words = error instanceof Refusal ? error.message : 'Tocsin did not answer. Nothing may have happened.'
  return (
    <p className="error" role="alert">
      {words} {hints.join(' ')}
    </p>
  )
}
