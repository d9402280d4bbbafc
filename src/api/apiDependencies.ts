import type { ManualWords } from '../model/detector.ts'
import type { Matcher, Silence } from '../model/route.ts'
import type { ChainStatus, MonitorStatus } from '../model/status.ts'
import type { Changes } from '../store/console/listenForChanges.ts'
import type { Connection } from '../store/database.ts'
import type { Access } from './access.ts'

/** What people can do from the console. `by` is the name that they gave. */
export type Verbs = {
  acknowledgeAlert(input: { id: string; by: string }): Promise<unknown>
  resolveAlert(input: { id: string; by: string; reason: string }): Promise<unknown>
  createSilence(input: { match: Matcher; reason: string; endsAt: Date; createdBy: string }): Promise<Silence>
  endSilence(input: { id: string }): Promise<unknown>
  /** Tries a message that was given up once more. */
  retryMessage(input: { id: string }): Promise<unknown>
}

export type Demo = {
  attacks: readonly { name: string; title: string; story: string }[]
  /** Resolves when the attack's transactions are sent. */
  run(name: string): Promise<void>
}

export type ApiDependencies = {
  db: Connection
  chains(): ChainStatus[]
  monitors: readonly MonitorStatus[]
  /** By id of the detector. */
  manuals: ReadonlyMap<string, ManualWords>
  subscribe: Changes['subscribe']
  verbs: Verbs
  demo?: Demo
  access: Access
  /** With their port, such as `localhost:8080`; the first is the one to be shown. */
  allowedHosts: readonly string[]
  version: string
  /** In the text format of Prometheus. */
  metrics(): Promise<string>
  /** Folder of the built console. */
  webRoot: string
  now(): Date
  /** Told of every error that nobody raised on purpose; callers only learn that there was one. */
  reportBug(error: unknown): void
}
