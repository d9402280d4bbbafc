import { availableParallelism, cpus } from 'node:os'
import { resolve } from 'node:path'
import { nameTestServer, removeTestServer } from '../test/harness/testServer.ts'

// Where the recorded blocks lie unless told otherwise; the tests look there too.
process.env.TOCSIN_CORPUS ??= resolve('../shared/corpus')

/** Each gives its figures, one by one or all at once. */
const benches: Record<string, () => Promise<() => AsyncIterable<object> | Promise<object[]>>> = {
  engine: () => import('./engine.ts').then(({ engine }) => engine),
  decode: () => import('./decode.ts').then(({ decode }) => decode),
  verify: () => import('./verify.ts').then(({ verify }) => verify),
  replay: () => import('./replay.ts').then(({ replay }) => replay),
  naive: () => import('./naive/naive.ts').then(({ naive }) => naive),
  headLatency: () => import('./headLatency.ts').then(({ headLatency }) => headLatency),
  memory: () => import('./memory.ts').then(({ memory }) => memory),
  growth: () => import('./growth.ts').then(({ growth }) => growth),
  rpc: () => import('./rpc.ts').then(({ rpc }) => rpc),
  demoLatency: () => import('./demoLatency.ts').then(({ demoLatency }) => demoLatency),
  faults: () => import('./faults.ts').then(({ faults }) => faults),
  kill: () => import('./kill.ts').then(({ kill }) => kill),
  presets: () => import('./presets.ts').then(({ presets }) => presets),
  statistics: () => import('./statistics.ts').then(({ statistics }) => statistics),
  firstAlert: () => import('./firstAlert.ts').then(({ firstAlert }) => firstAlert),
}

/** One fetches a gigabyte, the other takes an hour, so they run only where they are named. */
const onlyByName = ['firstAlert', 'faults']

/** `npm run bench` runs all, `npm run bench -- NAME…` some. Prints one JSON line for each figure. */
const names =
  process.argv.length > 2 ? process.argv.slice(2) : Object.keys(benches).filter((name) => !onlyByName.includes(name))
const unknown = names.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(', ')}, only ${Object.keys(benches).join(', ')}.\n`)
  process.exit(2)
}
const machine = { cores: availableParallelism(), cpu: cpus()[0]?.model ?? 'unknown', node: process.version }
const dataDirectory = nameTestServer()
try {
  for (const name of names) {
    const bench = await benches[name]!()
    for await (const figure of await bench())
      process.stdout.write(`${JSON.stringify({ bench: name, ...figure, machine })}\n`)
  }
} finally {
  await removeTestServer(dataDirectory)
}
