import type { ArgsDef } from 'citty'
import { nearest } from '../rules/nearest.ts'
import { UsageError } from './usageError.ts'

/** How a positional argument is named that takes more than one value. */
const isMany = (name: string) => name.endsWith('…')

/**
 * Refuses what a command does not know: citty itself would ignore it, so that a mistyped `--form` replays everything.
 * @throws {UsageError}
 */
export function checkArguments(rawArgs: readonly string[], args: ArgsDef): void {
  const options = Object.entries(args).filter(([, { type }]) => type !== 'positional')
  const positionals = Object.entries(args).filter(([, { type }]) => type === 'positional')
  const byName = new Map(options.flatMap(([name, option]) => spellings(name, option).map((each) => [each, option])))
  const values: string[] = []
  for (let index = 0; index < rawArgs.length; index++) {
    const argument = rawArgs[index]!
    if (argument === '--') {
      values.push(...rawArgs.slice(index + 1))
      break
    }
    if (!/^-./.test(argument)) {
      values.push(argument)
      continue
    }
    const [name = '', value] = splitAtEquals(argument)
    const option = byName.get(name)
    if (!option) throw unknownOption(name, byName.keys())
    if (option.type === 'boolean') {
      if (value !== undefined) throw new UsageError(`${name} takes no value.`)
    } else if (value === undefined) {
      const next = rawArgs[++index]
      if (next === undefined || /^--?[a-z]/i.test(next)) throw new UsageError(`${name} needs a value.`)
    } else if (value === '') {
      throw new UsageError(`${name} needs a value.`)
    }
  }
  const takesMany = positionals.some(([name]) => isMany(name))
  const surplus = values[positionals.length]
  if (surplus !== undefined && !takesMany)
    throw new UsageError(`What is "${surplus.slice(0, 80)}"? Nothing stands there.`)
}

function spellings(name: string, option: ArgsDef[string]): string[] {
  const alias = 'alias' in option && option.alias ? [option.alias].flat() : []
  const short = alias.map((each) => (each.length === 1 ? `-${each}` : `--${each}`))
  return [`--${name}`, ...short, ...(option.type === 'boolean' && option.default === true ? [`--no-${name}`] : [])]
}

function splitAtEquals(argument: string): [string, string | undefined] {
  const at = argument.indexOf('=')
  return at === -1 ? [argument, undefined] : [argument.slice(0, at), argument.slice(at + 1)]
}

function unknownOption(name: string, known: Iterable<string>): UsageError {
  const all = [...known]
  const close = nearest(name, all)
  if (close) return new UsageError(`There is no option ${name.slice(0, 80)}.`, [`Did you mean ${close}?`])
  return new UsageError(
    `There is no option ${name.slice(0, 80)}.`,
    all.length > 0 ? [`There is ${all.join(', ')}.`] : ['This command takes no options.'],
  )
}
