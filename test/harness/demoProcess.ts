import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A Tocsin that runs in a process of its own, and what a person at its terminal could do with it. */
export type DemoProcess = {
  child: ChildProcess
  /** Of the console. */
  url: string
  /** Signs one browser in, once. */
  token: string
  /** All that it has printed. */
  output(): string
  stop(): Promise<void>
}

/**
 * Runs a command that starts it, and resolves when it prints the link to the console.
 *
 * @throws {Error} It ended before that; with what it said.
 */
export async function startDemoProcess(
  command: readonly [string, ...string[]],
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<DemoProcess> {
  const [program, ...args] = command
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>()
  const read = (chunk: Buffer) => {
    output += chunk
    const link = /(http:\/\/localhost:[0-9]+)\/#token=([\w-]+)\s/.exec(output)
    if (link) resolve(link)
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  child.once('error', reject)
  child.once('exit', (code) => reject(new Error(`${command.join(' ')} ended with ${code}:\n${output}`)))
  const [, url = '', token = ''] = await promise
  async function stop() {
    const exited = once(child, 'exit')
    if (child.exitCode !== null || child.signalCode !== null || !child.kill('SIGTERM')) return
    await exited
  }
  return { child, url, token, output: () => output, stop }
}

/** Uses the link up. Gives the cookie of the session. */
export async function signIn({ url, token }: Pick<DemoProcess, 'url' | 'token'>): Promise<string> {
  const headers = { 'content-type': 'application/json', origin: url }
  const answer = await fetch(`${url}/api/session`, { method: 'POST', headers, body: JSON.stringify({ token }) })
  if (answer.status !== 204) throw new Error(`The console refused the link with status ${answer.status}.`)
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}

export type DemoAlert = { id: string; monitor: string; state: string; severity: string; title: string }

export async function listAlerts(url: string, cookie: string): Promise<DemoAlert[]> {
  const answer = await fetch(`${url}/api/alerts`, { headers: { cookie } })
  if (!answer.ok) throw new Error(`The console answered with status ${answer.status}.`)
  return ((await answer.json()) as { alerts: DemoAlert[] }).alerts
}
