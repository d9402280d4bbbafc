import type { z } from 'zod'
import type { Bridge, BridgeLeg, BridgeTotal } from './bridge.ts'
import type { Address, Hex } from './chain.ts'
import type { Contract } from './contract.ts'
import type { Claim, Json, Measured } from './finding.ts'
import type { Observation, PendingObservation } from './observation.ts'
import type { Pricing } from './pricing.ts'
import type { Read } from './read.ts'
import type { Severity } from './severity.ts'
import type { Ground, Stage } from './sign.ts'

/**
 * Of which transactions the calls are read. `touching`: those that touch one of the addresses of the interest, as sender,
 * recipient or created contract, as emitter of a log or in a topic of one. `all`: every transaction of every block, which
 * is dear; nothing cheaper sees a transaction that only calls an address inside, and leaves no log by it or about it.
 */
export type TraceScope = 'touching' | 'all'

/** What a monitor wants to be handed. The loop indexes it once, when the config is loaded. */
export type Interest =
  /**
   * Logs; without `addresses` of any emitter, without `topics` (alternatives for topic 0) of any event. Where `accounts`
   * are given, one of them stands in topic 1, 2 or 3.
   */
  | { kind: 'log'; addresses?: readonly Address[]; topics?: readonly Hex[]; accounts?: readonly Address[] }
  /**
   * Transactions to one of the addresses, by the first four bytes of their input where `selectors` are given. `internal`:
   * also those in which a contract calls one of them so, with all their calls.
   */
  | { kind: 'call'; addresses: readonly Address[]; selectors?: readonly Hex[]; internal?: TraceScope }
  /**
   * Transactions from or to one of the addresses. `traces`: with all their calls, and also those that touch one of them in
   * another way (see `TraceScope`) or inside.
   */
  | { kind: 'transaction'; touching: readonly Address[]; traces?: TraceScope }
  /**
   * Transactions that create a contract whose code, or what its constructor is handed, holds one of the addresses.
   * Contracts that contracts create are seen by traces only.
   */
  | { kind: 'creation'; naming: readonly Address[] }
  /** Reads answered every so many blocks, in one batched request for all monitors. */
  | { kind: 'state'; reads: readonly Read[]; everyBlocks: number }
  /** To be asked every so many blocks even where nothing happened: absences, windows that close. */
  | { kind: 'tick'; everyBlocks: number }
  /**
   * What other active monitors found in the block about one of the addresses and what is a sign of an attack. Such a
   * monitor is judged after all others, and after those like it that give signs themselves, if it gives none.
   */
  | { kind: 'sign'; about: readonly Address[] }

/** Memory of a monitor on a chain: plain data by key. Each changed key costs a row per block, so keep keys few and bounded. */
export type Memory = { get(key: string): Json | undefined }

export type Detection = {
  claims?: Claim[]
  /** Groups (see `Claim.group`) whose alert is over, as the detector itself can tell. */
  cleared?: string[]
  /** What has become larger of what was claimed before, and is not worth another claim. */
  grown?: { group: string; measured: Measured }[]
  /** Why this observation could not be judged, in whole or in part. Never left out: silence is a finding. */
  blind?: string[]
  /** Changed keys only; null forgets the key. */
  memory?: Record<string, Json>
  /** Halves of messages over the monitor's bridge. Whether two of them fit is found out where both chains meet. */
  legs?: BridgeLeg[]
  /** What lies on a side of the monitor's bridge from this block on; only where it has changed. */
  totals?: BridgeTotal[]
}

/**
 * What a watch makes of transactions that stand in no block yet. It is handed those that go to one of the addresses, hold
 * one in their calldata, or call or create a contract whose code holds one. Nothing is remembered from one to the next.
 */
export type PendingWatch = {
  touching: readonly Address[]
  /** How long a transaction that no provider knows any more counts as pending. */
  forgetAfterSeconds: number
  /** Asked about every transaction. */
  reads: readonly Read[]
  /** Asked where what the transaction would do calls for it. Pure. */
  moreReads(view: Omit<PendingObservation, 'state'>): Read[]
  /** Claims about the same sender and nonce have the same `group`: only one of them will ever be mined. Pure. */
  judge(observation: PendingObservation): Pick<Detection, 'claims' | 'blind'>
}

/** A detector compiled for one monitor on one chain. */
export type Watch = {
  /**
   * It judges each block for itself: what it remembers, if anything, only spares it questions. So it is shown the newest
   * blocks also while older ones are still being read.
   */
  stateless?: true
  /**
   * What it remembers is what is usual, so that a new monitor is first shown blocks of the past. Where it remembers more,
   * such as a sum that goes on: what of a row is kept of them; null forgets it.
   */
  learns?: true | ((key: string, row: Json) => Json | null)
  interests: readonly Interest[]
  /** It asks what calls would lead to, of which it is blind where the provider does not simulate any. */
  simulates?: true
  /** Absent: what is pending is none of its business. */
  pending?: PendingWatch
  /** Sentences on what it will not see, for whoever checks the config. */
  notes?: readonly string[]
  /** The limits that `Claim.measured` names, as the options would write them, defaults filled in. */
  limits?: Readonly<Record<string, Json>>
  /** What its `legs` went over: the same on both chains. */
  bridge?: Bridge
  /** State that judging this observation needs and that no interest names; read for it before `detect`. Pure. */
  reads?(observation: Omit<Observation, 'state'>, memory: Memory): Read[]
  /** Pure: same arguments, same answer. No clock, no network, no variable outside. Throwing is reported as blindness. */
  detect(observation: Observation, memory: Memory): Detection
}

/** What the config says for one monitor, as its detector is handed it. */
export type Assignment<Options> = {
  options: Options
  /** The contracts under `on`, all on one chain; at least one. */
  targets: readonly Contract[]
  /** Text of `when`, for detectors that take a rule. */
  when: string | undefined
  /** All contracts of that chain by name, for `$name`. */
  names: ReadonlyMap<string, Contract>
  /** `prices`: how one of its own coin is priced in dollars, best first. */
  chain: { name: string; id: number; prices?: readonly Pricing[] }
  /** A contract of the config by its name, whichever its chain; for detectors that look at several. */
  anywhere?(name: string): { contract: Contract; chain: { name: string; id: number } } | undefined
}

/** What the findings of a detector say about an attack, if they are a sign of one. */
export type SignKind = { stage: Stage; restsOn: Ground }

/** What a detector says of itself to people. One that does not say all of it does not compile. */
export type Manual<Options> = {
  /** Kebab case, as written after `use:`. */
  id: string
  /** What it catches, in a dozen words at most. */
  title: string
  /** How somebody loses money if nobody watches this. */
  scenario: string
  /** What exactly it looks at, and when it speaks at which severity; options by their names in back quotes. */
  signal: string
  /** What to do when it speaks. */
  response: string
  /** What it does not see or sees late, and what honest thing it may page for: a sentence each. */
  knownLimits: readonly [string, ...string[]]
  severity: Severity
  options: z.ZodType<Options>
  /** `required`: the monitor must have `when`. `none`: it must not. */
  when?: 'required' | 'none'
  /** Names of the contracts that it watches, where its options say so: then the monitor has no `on`. */
  on?(options: Options): readonly string[]
  /**
   * It speaks once of a condition that lasts, and says itself when it is over: `alerts.resolveAfter` of the config, which
   * takes silence for the end, does not hold for it.
   */
  lasting?: true
  /** Its findings are a sign of an attack. */
  sign?: SignKind
  /** What the provider must be able to give. */
  needs: readonly ('logs' | 'calldata' | 'state' | 'traces')[]
}

/** What of a manual is for whoever was woken. */
export type ManualWords = Pick<Manual<unknown>, 'title' | 'scenario' | 'signal' | 'response' | 'knownLimits'>

export type Detector<Options> = Manual<Options> & {
  /** @throws {RuleError | KnownError} The options do not fit the targets. */
  compile(assignment: Assignment<Options>): Watch
}

/** A detector whose options nobody outside needs to know: what the lists of built-in plug-ins hold. */
export type AnyDetector = Detector<unknown>

/** Makes a detector ready for the list of what is built in. */
export function defineDetector<Options>(detector: Detector<Options>): Detector<Options> {
  return detector
}
