import { createRequire } from 'node:module'
import { defineCommand, type SubCommandsDef } from 'citty'

export const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

/** Loaded one by one, so that `tocsin --version` need not wait for the chain's libraries. */
const commands: SubCommandsDef = {
  init: () => import('./init.ts').then(({ init }) => init),
  import: () => import('./import.ts').then(({ importCommand }) => importCommand),
  check: () => import('./check.ts').then(({ check }) => check),
  detectors: () => import('./detectors.ts').then(({ detectorsCommand }) => detectorsCommand),
  start: () => import('./start.ts').then(({ start }) => start),
  replay: () => import('./replay.ts').then(({ replayCommand }) => replayCommand),
  record: () => import('./record.ts').then(({ record }) => record),
  demo: () => import('./demo.ts').then(({ demo }) => demo),
  'test-message': () => import('./testMessage.ts').then(({ testMessage }) => testMessage),
  doctor: () => import('./doctor.ts').then(({ doctor }) => doctor),
  backup: () => import('./backup.ts').then(({ backup }) => backup),
  restore: () => import('./restore.ts').then(({ restoreCommand }) => restoreCommand),
}

/** The command line as a whole; docs/reference/cli.md is made of it. */
export const tocsin = defineCommand({
  meta: {
    name: 'tocsin',
    description: 'Keeps watch over deployed contracts and DAOs, and tells when something goes wrong.',
    version,
  },
  subCommands: commands,
})

/** citty lets everything be a value, a function or a promise of it. */
export async function resolved<Value>(given: Value | (() => Value | Promise<Value>)): Promise<Awaited<Value>> {
  return await (given instanceof Function ? given() : given)
}
