import type { Remarks } from './remarks.ts'
import { type SecretValue, sourceOf } from './secretValue.ts'

/** Gives each secret a variable of the environment. Their values go nowhere. */
export type SecretBook = {
  /** @param wish What the variable should be called. @param about What it is, for people. @returns `env:NAME`. */
  reference(secret: SecretValue | undefined, wish: string, about: string): string
  /** Says which variables to set, of those that stand in what was made. @returns Their names. */
  remarkUsed(made: unknown, remarks: Remarks): string[]
}

const nameMax = 64

export function createSecretBook(): SecretBook {
  const sentences = new Map<string, string>()
  const byValue = new Map<string, string>()

  function fresh(wish: string): string {
    const plain = `OZ_${wish.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`.slice(0, nameMax).replace(/_+$/, '')
    let name = plain
    for (let number = 2; sentences.has(name); number++) name = `${plain}_${number}`
    return name
  }

  function keep(name: string, about: string, text: string): string {
    if (!sentences.has(name)) sentences.set(name, `${about}. ${text}`)
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
      const name = byValue.get(value) ?? fresh(wish)
      byValue.set(value, name)
      return keep(name, about, 'Its value stands in the file that was read.')
    },
    remarkUsed(made, remarks) {
      const text = JSON.stringify(made)
      const used = [...sentences].filter(([name]) => text.includes(`"env:${name}"`))
      for (const [name, sentence] of used) remarks.add('set', name, sentence)
      return used.map(([name]) => name)
    },
  }
}
