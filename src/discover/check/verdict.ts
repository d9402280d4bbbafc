/** What was looked at and how it is. A `note` is worth knowing and stops nobody. */
export type Verdict = { level: 'ok' | 'note' | 'problem'; message: string; hint?: string }

export const ok = (message: string): Verdict => ({ level: 'ok', message })
export const note = (message: string, hint?: string): Verdict => ({ level: 'note', message, ...(hint ? { hint } : {}) })
export const problem = (message: string, hint?: string): Verdict => ({
  level: 'problem',
  message,
  ...(hint ? { hint } : {}),
})
