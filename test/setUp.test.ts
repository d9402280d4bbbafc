import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { nodeFlags } from '../bin/nodeFlags.js'

/** A clone in small: the real bin/, one local package, and a program that says what it was given. */
let clone: string

const program = `
process.on('SIGINT', () => console.log('SIGINT'))
process.on('SIGTERM', () => process.exit(7))
console.log('ready', process.version.split('.')[0], ...process.argv.slice(2))
if (process.argv.includes('stay')) setInterval(() => {}, 1000)
else process.exitCode = 5
`

beforeEach(() => {
  clone = realpathSync(mkdtempSync(join(tmpdir(), 'tocsin-clone-')))
  cpSync('bin', join(clone, 'bin'), { recursive: true })
  dependOn('small')
  mkdirSync(join(clone, 'src/cli'), { recursive: true })
  writeFileSync(join(clone, 'src/cli/main.ts'), program)
})
afterEach(() => rmSync(clone, { recursive: true, force: true }))

const write = (path: string, content: unknown) => writeFileSync(join(clone, path), JSON.stringify(content))
/** Writes package.json and its lock for these packages, which lie in the clone itself, so that npm needs no network. */
function dependOn(...names: string[]) {
  for (const name of names) {
    mkdirSync(join(clone, name), { recursive: true })
    write(`${name}/package.json`, { name, version: '1.0.0' })
  }
  const dependencies = Object.fromEntries(names.map((name) => [name, `file:${name}`]))
  write('package.json', { name: 'clone', version: '1.0.0', type: 'module', dependencies })
  execFileSync('npm', ['install', '--package-lock-only', '--offline', '--loglevel=error'], { cwd: clone })
}

const run = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [script, ...args], { cwd: clone, encoding: 'utf8' })

/** A Node before 24 that the machine itself has, if any. */
const oldNode = (process.env.PATH ?? '')
  .split(':')
  .filter((folder) => !folder.includes('node_modules'))
  .map((folder) => join(folder, 'node'))
  .find((path) => existsSync(path) && Number(process.versions.node.split('.')[0]) >= 24 && majorOf(path) < 24)

function majorOf(node: string) {
  return Number(execFileSync(node, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }))
}

async function readUntil(child: ChildProcess, text: string) {
  let seen = ''
  for await (const chunk of child.stdout!.iterator({ destroyOnReturn: false })) {
    seen += chunk
    if (seen.includes(text)) return seen
  }
  throw new Error(`Ended before saying "${text}": ${seen}`)
}

describe('the files in bin', () => {
  const files = readdirSync('bin', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.js'))

  test('are read by the oldest Node at hand', () => {
    for (const file of files) execFileSync(oldNode ?? process.execPath, ['--check', join('bin', file)])
  })

  test('import nothing that has to be installed first', () => {
    const imported = files.flatMap((file) =>
      [...readFileSync(join('bin', file), 'utf8').matchAll(/^import .* from '(.+)'/gm)].map(([, target]) => target!),
    )
    expect(imported.length).toBeGreaterThan(10)
    expect(imported.filter((target) => !/^(node:|\.\.?\/.+\.js$)/.test(target))).toEqual([])
  })
})

describe('the command tocsin', () => {
  test('hands over the arguments, and back the exit code', () => {
    const { status, stdout } = run('bin/tocsin.js', 'check', '--config', 'a.yaml')
    expect(stdout).toMatch(/^ready v\d+ check --config a\.yaml\n$/)
    expect(status).toBe(5)
  })

  test('becomes the program instead of standing beside it, with the flags for its memory', () => {
    writeFileSync(join(clone, 'src/cli/main.ts'), 'console.log(process.pid, ...process.execArgv)')
    const { pid, stdout } = spawnSync(process.execPath, ['--no-warnings', 'bin/tocsin.js'], {
      cwd: clone,
      encoding: 'utf8',
    })
    expect(stdout).toBe(`${pid} --no-warnings ${nodeFlags.join(' ')}\n`)
  })

  test('runs the compiled program where there are no sources', () => {
    rmSync(join(clone, 'src'), { recursive: true })
    mkdirSync(join(clone, 'dist/cli'), { recursive: true })
    writeFileSync(join(clone, 'dist/cli/main.js'), 'console.log("compiled")')
    expect(run('bin/tocsin.js').stdout).toBe('compiled\n')
  })

  test.skipIf(!oldNode)('starts the pinned Node where the one it runs in is too old', () => {
    symlinkSync(realpathSync('node_modules'), join(clone, 'node_modules'))
    const { status, stdout } = spawnSync(oldNode!, ['bin/tocsin.js', 'check'], { cwd: clone, encoding: 'utf8' })
    expect(stdout).toBe('ready v24 check\n')
    expect(status).toBe(5)
  })

  test.skipIf(!oldNode)('says what to do where there is no Node that is new enough', () => {
    const { status, stderr } = spawnSync(oldNode!, ['bin/tocsin.js'], { cwd: clone, encoding: 'utf8' })
    expect(stderr).toContain('Tocsin needs Node 24 or newer.')
    expect(stderr).not.toContain('    at ')
    expect(status).toBe(1)
  })
})

describe('npm start', () => {
  test('sets up once, and not again', () => {
    const first = run('bin/start.js')
    expect(first.stdout).toContain('Set up packages (npm ci): done')
    expect(first.status).toBe(5)
    expect(run('bin/start.js', '--port', '0').stdout).toBe(`ready ${process.version.split('.')[0]} start --port 0\n`)
  })

  test('sets up anew when the lock file has changed', () => {
    run('bin/start.js')
    dependOn('small', 'another')
    expect(run('bin/start.js').stdout).toContain('Set up packages (npm ci): done')
  })

  test('takes the config that lies in the folder', () => {
    run('bin/start.js')
    writeFileSync(join(clone, 'tocsin.yaml'), '')
    expect(run('bin/start.js').stdout).toContain('start --config tocsin.yaml\n')
    expect(run('bin/start.js', '--config', 'b.yaml').stdout).toContain('start --config b.yaml\n')
  })

  test('ends with the code of a set-up that failed, and starts nothing', () => {
    rmSync(join(clone, 'package-lock.json'))
    write('package-lock.json', {
      name: 'clone',
      lockfileVersion: 3,
      packages: { 'node_modules/absent': { version: '1' } },
    })
    const { status, stdout } = run('bin/start.js')
    expect(stdout).toContain('The set-up stopped at packages (npm ci)')
    expect(stdout).not.toContain('ready')
    expect(status).toBeGreaterThan(0)
  })

  test('of two at once, one sets up and both run', async () => {
    const outputs = await Promise.all(
      [1, 2].map(async () => {
        const child = spawn(process.execPath, ['bin/start.js'], { cwd: clone, stdio: ['ignore', 'pipe', 'inherit'] })
        const output = await readUntil(child, 'ready')
        await once(child, 'exit')
        return output
      }),
    )
    expect(outputs.filter((output) => output.includes('npm ci): done'))).toHaveLength(1)
    expect(readdirSync(clone).filter((name) => name.startsWith('.setUp'))).toEqual([])
  })

  test('takes over the lock of a set-up that was killed', () => {
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    writeFileSync(join(clone, '.setUp.lock'), String(pid))
    expect(run('bin/start.js').stdout).toContain('ready')
  })

  test('passes a key press on once, and SIGTERM, and waits for the end', async () => {
    const child = spawn(process.execPath, ['bin/start.js', 'stay'], {
      cwd: clone,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await readUntil(child, 'ready')
    child.kill('SIGINT')
    child.kill('SIGINT')
    const seen = await readUntil(child, 'SIGINT')
    child.kill('SIGTERM')
    const [rest, [code]] = await Promise.all([child.stdout!.toArray(), once(child, 'exit')])
    expect((seen + rest.join('')).match(/SIGINT/g)).toHaveLength(1)
    expect(code).toBe(7)
  })
})
