import { useSyncExternalStore } from 'react'
import { useLive } from './live.ts'

let now = Date.now()
const listeners = new Set<() => void>()
setInterval(() => {
  now = Date.now()
  for (const listener of listeners) listener()
}, 1000)

/** This machine's clock in milliseconds, once a second. */
export function useLocalNow(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => now,
  )
}

/** The server's clock in milliseconds, as well as this machine can tell. */
export function useNow(): number {
  return useLocalNow() + useLive().clockSkew
}
