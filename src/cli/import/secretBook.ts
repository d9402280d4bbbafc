import type { Remarks } from './remarks.ts'
import { type SecretValue, sourceOf } from './secretValue.ts'

/** Gives each secret a variable of the environment, and says which to set. Their values go nowhere. */
export type SecretBook = {
  /** @param wish What the variable should be called. @param about What it is, for people. @returns `env:NAME`. */
  reference(secret: SecretValue | undefined, wish: string, about: string): string
  /** All that were referred to. */
  names(): readonly string[]
}

const nameMax = 64

export function createSecretBook(remarks: Remarks): SecretBook {
  const taken = new Set<string>()
  const byValue = new Map<string, string>()

  function fresh(wish: string): string {
    const plain = `OZ_${wish.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`.replace(/_+$/, '').slice(0, nameMax)
    let name = plain
    for (let number = 2; taken.has(name); number++) name = `${plain}_${number}`
    return name
  }

  function keep(name: string, about: string, text: string): string {
    taken.add(name)
    remarks.add('set', name, `${about}. ${text}`)
    return `env:${name}`
  }

  return {
    reference(secret, wish, about) {
      if (secret === undefined) return keep(fresh(wish), about, 'There was none: choose one.')
      const { source, value } = sourceOf(secret)
      if (source === 'environment' && /^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(value)) {
        return keep(value, about, 'The same variable as before.')
      }
      if (source !== 'plain') return keep(fresh(wish), about, 'It was kept elsewhere: fetch it from there.')
      const known = byValue.get(value)
      const name = known ?? fresh(wish)
      byValue.set(value, name)
      return keep(name, about, 'Its value stands in the file that was read.')
    },
    names: () => [...taken],
  }
}
