import { readFileSync } from 'node:fs'
import type { ArgsDef, CommandDef } from 'citty'
import { expect, test } from 'vitest'
import { regenerate, table } from '../../test/harness/reference.ts'
import { resolved, tocsin } from './commands.ts'

const path = 'docs/reference/cli.md'
const reference = readFileSync(path, 'utf8')

/** To write them anew after a command has changed: vitest with `-u`. */
test('the commands of the reference are those of the command line', async () => {
  const commands = (await describe(tocsin, 'tocsin')).join('\n\n')
  await expect(regenerate(reference, ['commands'], () => commands)).toMatchFileSnapshot(`../../${path}`)
})

/** A section for each command that does something, in the order of the help. */
async function describe(command: CommandDef, name: string): Promise<string[]> {
  const sections: string[] = []
  for (const [word, given] of Object.entries((await resolved(command.subCommands)) ?? {})) {
    sections.push(...(await describe(await resolved(given), `${name} ${word}`)))
  }
  if (sections.length > 0) return sections
  const { description = '' } = (await resolved(command.meta)) ?? {}
  const args = Object.entries((await resolved(command.args)) ?? {})
  const usage = [name, ...args.map(([arg, each]) => usageOf(arg, each))].join(' ')
  const rows = args.map(([arg, each]) => [`\`${nameOf(arg, each)}\``, defaultOf(each), each.description ?? ''])
  const lines = [`### ${name}`, description, `\`\`\`sh\n${usage}\n\`\`\``]
  return [[...lines, ...(rows.length > 0 ? [table(['argument', 'default', 'meaning'], rows)] : [])].join('\n\n')]
}

type Argument = ArgsDef[string]

function nameOf(name: string, argument: Argument): string {
  if (argument.type === 'positional') return name.toUpperCase()
  if (argument.type === 'boolean') return `--${name}`
  return `--${name} ${argument.type === 'enum' ? (argument.options ?? []).join('|') : (argument.valueHint ?? 'VALUE')}`
}

function usageOf(name: string, argument: Argument): string {
  return argument.required ? nameOf(name, argument) : `[${nameOf(name, argument)}]`
}

function defaultOf(argument: Argument): string {
  if (argument.required) return 'required'
  return argument.default === undefined ? '' : `\`${argument.default}\``
}
