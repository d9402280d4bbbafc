import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'

/** What each room may import. Stages never import each other: they meet in the store. */
const stage = ['model', 'lib', 'rules', 'evm', 'store']
const plugin = ['model', 'lib', 'rules', 'evm']
const house: Record<string, readonly string[]> = {
  model: [],
  lib: ['model'],
  evm: ['model', 'lib'],
  rules: ['model', 'lib', 'evm'],
  store: ['model', 'lib'],
  sources: plugin,
  detectors: plugin,
  channels: plugin,
  actions: plugin,
  discover: plugin,
  watch: stage,
  alerts: stage,
  incidents: stage,
  response: stage,
  status: stage,
  review: stage,
  api: [...stage, 'watch', 'alerts', 'incidents', 'response', 'status', 'review'],
}
/** The three places that wire everything; inside src they may import any room. */
const wiring = ['cli', 'app', 'config']
/** Barrels list what is built in, so they exist only in the rooms of plug-ins. */
const pluginRooms = ['sources', 'detectors', 'channels', 'actions']

const sourceFiles = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((path) => normalize(path))
  .filter((path) => /\.tsx?$/.test(path))
const isTest = (path: string) => /\.test\.tsx?$/.test(path)
const room = (path: string) => path.split('/')[0]!.replace(/\.ts$/, '')

/** Import specifiers that start with a dot, static or dynamic, types included. */
function importsOf(path: string): string[] {
  const text = readFileSync(join('src', path), 'utf8')
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'(\.\.?\/[^']+)'/g)
  return [...found].map(([, target]) => normalize(join(dirname(path), target!)))
}

const graph = new Map(sourceFiles.filter((path) => !isTest(path)).map((path) => [path, importsOf(path)]))

describe('the house', () => {
  test('has no room that the table does not know', () => {
    const rooms = new Set(sourceFiles.map(room))
    expect([...rooms].filter((name) => !(name in house) && !wiring.includes(name))).toEqual([])
  })

  test('lets no room import a room that it may not stand on', () => {
    const trespasses = [...graph].flatMap(([path, targets]) => {
      const from = room(path)
      if (wiring.includes(from)) return []
      return targets
        .filter((target) => room(target) !== from && !house[from]?.includes(room(target)))
        .map((target) => `${path} -> ${target}`)
    })
    expect(trespasses).toEqual([])
  })

  test('keeps demo, test and bench code out of src', () => {
    const outside = [...graph].flatMap(([path, targets]) =>
      targets
        .filter(
          (target) =>
            target.startsWith('..') && !/^\.\.\/(demo\/(startDemo|attacks|runAttack)|package\.json)/.test(target),
        )
        .map((target) => `${path} -> ${target}`),
    )
    expect(outside).toEqual([])
  })

  test('has no import circle', () => {
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (path: string, trail: string[]) => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
      if (done.has(path) || trail.includes(path)) return
      for (const target of graph.get(path) ?? []) visit(target, [...trail, path])
      done.add(path)
    }
    for (const path of graph.keys()) visit(path, [])
    expect(circles).toEqual([])
  })

  test('imports only files that exist, with their extension', () => {
    const missing = [...graph].flatMap(([path, targets]) =>
      targets.filter((target) => !existsSync(join('src', target))).map((target) => `${path} -> ${target}`),
    )
    expect(missing).toEqual([])
  })

  test('takes nothing of what a detector remembers for what it should be', () => {
    const believed = [...graph.keys()].filter((path) =>
      /memory\.get\(.*\bas (?!const\b)/.test(readFileSync(join('src', path), 'utf8')),
    )
    expect(believed).toEqual([])
  })

  test('loads no more of viem than its functions: its clients take 9 MB', () => {
    const whole = [...graph.keys()].filter((path) =>
      /^import (?!type )[^']*'viem'/m.test(readFileSync(join('src', path), 'utf8')),
    )
    expect(whole).toEqual([])
  })

  test('has barrels in the rooms of plug-ins only', () => {
    const barrels = sourceFiles.filter((path) => /(^|\/)index\.ts$/.test(path) && !pluginRooms.includes(room(path)))
    expect(barrels).toEqual([])
  })

  test('has no file of more than 300 lines and no vague name', () => {
    const lines = (path: string) => readFileSync(join('src', path), 'utf8').split('\n').length - 1
    expect(sourceFiles.filter((path) => !isTest(path) && lines(path) > 300)).toEqual([])
    expect(sourceFiles.filter((path) => /(^|\/)(utils?|helpers?|misc|common)(\/|\.ts$)/i.test(path))).toEqual([])
  })
})
