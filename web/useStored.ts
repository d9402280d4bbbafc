import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()

/** A word that this browser keeps, such as the name of who sits before it. Empty: nothing is kept. */
export function useStored(name: string): [string, (value: string) => void] {
  const key = `tocsin.${name}`
  const value = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => localStorage.getItem(key) ?? '',
  )
  const keep = (next: string) => {
    if (next === '') localStorage.removeItem(key)
    else localStorage.setItem(key, next)
    for (const listener of listeners) listener()
  }
  return [value, keep]
}
