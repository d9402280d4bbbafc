import { stripVTControlCharacters } from 'node:util'
import { renderUsage, runCommand, type SubCommandsDef } from 'citty'
import { KnownError } from '../model/error.ts'
import { nearest } from '../rules/nearest.ts'
import { checkArguments } from './checkArguments.ts'
import { resolved, tocsin, version } from './commands.ts'
import { UsageError } from './usageError.ts'

/** Exit codes: 0 all is well, 1 something is wrong and was said, 2 the command line was not understood, 3 could not look. */
async function main(rawArgs: readonly string[]): Promise<void> {
  if (rawArgs[0] === '--version' || rawArgs[0] === '-v') {
    print(version)
    return
  }
  const wantsHelp = rawArgs.includes('--help') || rawArgs.includes('-h')
  const { command, path, rest } = await findCommand(rawArgs)
  if (wantsHelp || command.subCommands) {
    const parent = ['tocsin', ...path.slice(0, -1)].join(' ')
    print(await renderUsage(command, path.length === 0 ? undefined : { meta: { name: parent, version } }))
    process.exitCode = wantsHelp ? 0 : 2
    return
  }
  checkArguments(rest, (await resolved(command.args)) ?? {})
  await runCommand(command, { rawArgs: [...rest] })
}

/** Follows the names at the beginning of the command line, such as `demo attack`, as far as they lead. */
async function findCommand(rawArgs: readonly string[]) {
  let command: Awaited<ReturnType<typeof subCommand>> = tocsin
  const path: string[] = []
  for (const name of rawArgs) {
    const known = await resolved(command.subCommands)
    if (!known || name.startsWith('-')) break
    command = await subCommand(known, name, ['tocsin', ...path].join(' '))
    path.push(name)
  }
  return { command, path, rest: rawArgs.slice(path.length) }
}

async function subCommand(known: SubCommandsDef, name: string, parent: string) {
  const found = Object.hasOwn(known, name) ? await resolved(known[name]) : undefined
  if (found) return found
  const close = nearest(name, Object.keys(known))
  throw new UsageError(`There is no command ${parent} ${name.slice(0, 80)}.`, [
    close ? `Did you mean ${parent} ${close}?` : `Try \`${parent} --help\`.`,
  ])
}

function print(text: string): void {
  process.stdout.write(`${process.stdout.isTTY ? text : stripVTControlCharacters(text)}\n`)
}

function report(error: unknown): number {
  if (error instanceof KnownError) {
    process.stderr.write([error.message, ...error.hints.map((hint) => `  ${hint}`), ''].join('\n'))
    return error instanceof UsageError ? 2 : 1
  }
  if (error instanceof Error && error.name === 'CLIError') {
    process.stderr.write(`${stripVTControlCharacters(error.message)}\nTry \`tocsin --help\`.\n`)
    return 2
  }
  process.stderr.write(
    `This is a bug in Tocsin; please report it.\n${error instanceof Error ? error.stack : String(error)}\n`,
  )
  return 1
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  process.exitCode = report(error)
}
