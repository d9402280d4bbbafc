import { defineCommand, renderUsage, runCommand } from 'citty'
import { KnownError } from '../model/error.ts'

const commands = {
  init: () => import('./init.ts').then(({ init }) => init),
  check: () => import('./check.ts').then(({ check }) => check),
  start: () => import('./start.ts').then(({ start }) => start),
  replay: () => import('./replay.ts').then(({ replayCommand }) => replayCommand),
  demo: () => import('./demo.ts').then(({ demo }) => demo),
  'test-message': () => import('./testMessage.ts').then(({ testMessage }) => testMessage),
  doctor: () => import('./doctor.ts').then(({ doctor }) => doctor),
} as const

const tocsin = defineCommand({
  meta: {
    name: 'tocsin',
    description: 'Keeps watch over deployed contracts and DAOs, and tells when something goes wrong.',
  },
  subCommands: commands,
})

/** Exit codes: 0 all is well, 1 something is wrong and was said, 2 the command line was not understood, 3 could not look. */
async function main(rawArgs: string[]): Promise<void> {
  const [name = ''] = rawArgs
  if (rawArgs.includes('--help') || rawArgs.includes('-h') || rawArgs.length === 0) {
    const sub = name in commands ? await commands[name as keyof typeof commands]() : undefined
    process.stdout.write(`${await (sub ? renderUsage(sub as typeof tocsin, tocsin) : renderUsage(tocsin))}\n`)
    process.exitCode = rawArgs.length === 0 ? 2 : 0
    return
  }
  await runCommand(tocsin, { rawArgs })
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  process.exitCode = report(error)
}

function report(error: unknown): number {
  if (error instanceof KnownError) {
    process.stderr.write([error.message, ...error.hints.map((hint) => `  ${hint}`), ''].join('\n'))
    return 1
  }
  if (error instanceof Error && error.name === 'CLIError') {
    process.stderr.write(`${error.message}\nTry \`tocsin --help\`.\n`)
    return 2
  }
  process.stderr.write(
    `This is a bug in Tocsin; please report it.\n${error instanceof Error ? error.stack : String(error)}\n`,
  )
  return 1
}
