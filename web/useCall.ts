import { useEffect, useState } from 'react'
import { call } from './call.ts'
import { useLive } from './live.ts'

type Asked<Answer> = { path: string; changes: number; answer: Answer | null; error: Error | null }

/**
 * The answer to a call, asked again whenever something may have changed. The old answer stays until the new one is
 * there.
 */
export function useCall<Answer>(path: string): Pick<Asked<Answer>, 'answer' | 'error'> {
  const { changes } = useLive()
  const [asked, setAsked] = useState<Asked<Answer>>({ path, changes, answer: null, error: null })

  useEffect(() => {
    let dropped = false
    call<Answer>(path).then(
      (answer) => {
        if (!dropped) setAsked({ path, changes, answer, error: null })
      },
      (error: Error) => {
        if (!dropped) setAsked((old) => ({ path, changes, answer: old.path === path ? old.answer : null, error }))
      },
    )
    return () => {
      dropped = true
    }
  }, [path, changes])

  return asked.path === path ? asked : { answer: null, error: null }
}
