import { UndecodableError } from '../../evm/abi/undecodableError.ts'
import type { Bridge, BridgeEnd, BridgeLeg, BridgeSide } from '../../model/bridge.ts'
import type { Log } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { type Assignment, defineDetector, type Watch } from '../../model/detector.ts'
import { KnownError } from '../../model/error.ts'
import { reasonList } from '../reasonList.ts'
import { type CompiledSide, compileSide, type Told } from './bridgeConservation/compileSide.ts'
import { compileTotals, totalsOf } from './bridgeConservation/compileTotals.ts'
import { compileCounterparts } from './bridgeConservation/counterparts.ts'
import { type BridgeOptions, bridgeOptions, type SideOptions } from './bridgeConservation/options.ts'

/** Messages of one block; more are a flood, which is said instead of stored. */
const legsMax = 1000

/**
 * Tells on each chain what a bridge locked and what it released, message by message or, where those have no ids, in all.
 * That both fit is found out where the two chains meet, by the watch: here one chain alone is seen.
 */
export const bridgeConservation = defineDetector<BridgeOptions>({
  id: 'bridge-conservation',
  title: 'More released over a bridge than was locked',
  scenario:
    'Somebody who deceives the verifier of a bridge, or has its keys, has tokens released or minted on one chain for which nothing was locked or burned on the other, and sells them before anybody compares the two.',
  signal:
    'Each event under `released` is matched by its `id` with one under `locked` on the other chain. `critical`: a second release of one id, more than was locked, another token or recipient, and, once the chain of the locks was read `grace` past it, a release without a lock. Medium: less than `feePercent` explains, and a lock not released after `late`. Without ids the totals of both sides are compared in each block, with `slackPercent`; what was missing from the start is `high`, once.',
  response:
    'Pause the bridge on both chains, and have the released token frozen where that can be done. Compare the message with the other chain by a node of your own: the verifier may have been fed with false answers.',
  knownLimits: [
    'While the other chain is not read, a release that waits for more than twice `grace` is told as blindness at `high`, and judged later.',
    'For so long as `late` after the start, a release without a lock is `high` only, as older locks are not known.',
    'What is within bytes of an event, and an id that is used again by design, cannot be compared.',
    'By totals, a theft smaller than what waits to be unlocked is not seen.',
    'Who verifies the messages is no part of it; watch the set, threshold and address with `dependency-map`.',
    'An honest release for a lock older than `remember` counts as not locked.',
  ],
  severity: 'critical',
  options: bridgeOptions,
  when: 'none',
  on: ({ locked, released }) => [locked.contract, released.contract],
  needs: ['logs', 'state'],

  compile(assignment) {
    const { options, chain } = assignment
    const ends = { locked: endOf('locked', assignment), released: endOf('released', assignment) }
    const totals = totalsOf(options)
    if (totals) {
      const by = { slackPpm: Math.round(options.slackPercent * 10_000) }
      return { bridge: bridgeOf(options, ends, by), ...compileTotals(totals, assignment, ends) }
    }
    const messages = { locked: options.locked as SideOptions, released: options.released as SideOptions }
    // Once, though it is compiled for both chains.
    if (ends.locked.chain.id === chain.id) refuseTwins(messages)
    return { bridge: bridgeOf(options, ends, 'messages'), ...compileMessages(messages, assignment, ends) }
  },
})

type Messages = Record<BridgeSide, SideOptions>

/** @throws {KnownError} A contract has no such event, or the config no such token. */
function compileMessages(
  messages: Messages,
  assignment: Assignment<BridgeOptions>,
  ends: Record<BridgeSide, End>,
): Pick<Watch, 'interests' | 'notes' | 'detect'> {
  const { options, chain } = assignment
  const sides = (['locked', 'released'] as const)
    .filter((side) => ends[side].chain.id === chain.id)
    .map((side) => ({
      side,
      address: ends[side].address,
      due: side === 'locked' ? compileCounterparts(options.tokens, assignment, ends) : asTold,
      ...compileSide(side, messages[side], ends[side].target),
    }))
  return {
    interests: sides.map(({ address, topics }) => ({ kind: 'log', addresses: [address], topics })),
    notes: [...sides.flatMap(({ notes }) => notes), ...uncompared(messages, sides)],

    detect({ logs }) {
      const blind: string[] = []
      const legs = sides.flatMap((one) => {
        return logs.filter(({ address }) => address === one.address).flatMap((log) => legOf(one, log, blind) ?? [])
      })
      if (legs.length > legsMax) blind.push(`${legs.length - legsMax} more messages in one block`)
      return { legs: legs.slice(0, legsMax), blind: reasonList(blind) }
    },
  }
}

type End = BridgeEnd & { target: Contract }
type Side = CompiledSide & { side: BridgeSide; due(told: Told): ReturnType<typeof asTold> }

const asTold = (told: Told) => ({ ...told, amount: String(told.amount) })

function legOf({ side, read, due }: Side, log: Log, blind: string[]): BridgeLeg | null {
  const { transactionHash, logIndex, position } = log
  try {
    const told = read(log)
    return told && { side, ...due(told), transactionHash, logIndex, position }
  } catch (error) {
    if (!(error instanceof UndecodableError)) throw error
    blind.push(`What was ${side} in transaction ${transactionHash} cannot be read: ${error.message}`)
    return null
  }
}

/** What only one event tells, or none. Said once, where the lock is. */
function uncompared({ locked, released }: Messages, sides: readonly Side[]): string[] {
  if (!sides.some(({ side }) => side === 'locked')) return []
  return (['token', 'recipient'] as const)
    .filter((what) => locked[what] === undefined || released[what] === undefined)
    .map((what) => `The ${what} is not compared, as \`${what}\` is not given on both sides.`)
}

/** @throws {KnownError} The config has no such contract. */
function endOf(side: BridgeSide, { options, anywhere }: Assignment<BridgeOptions>): End {
  const name = options[side].contract
  const found = anywhere?.(name)
  if (!found) {
    throw new KnownError('invalid', `$${name} under \`${side}\` is no contract of the config.`, {
      hints: ['Add it under contracts:, with its chain.'],
    })
  }
  const { contract: target, chain } = found
  return { target, contract: target.name, address: target.address, chain: { name: chain.name, id: chain.id } }
}

/** @throws {KnownError} The two sides are one, or can never name the same message. */
function refuseTwins({ locked, released }: Messages): void {
  const [ids, others] = [locked, released].map(({ id }) => [id].flat().length)
  if (ids !== others) {
    throw new KnownError(
      'invalid',
      `\`id\` is ${ids} of the event under \`locked\` and ${others} of that under \`released\`.`,
      {
        hints: ['Name the same message on both sides by as many parameters.'],
      },
    )
  }
  const place = ({ contract, event, only }: SideOptions) => JSON.stringify([contract, event, only])
  if (place(locked) === place(released)) {
    throw new KnownError('invalid', `\`locked\` and \`released\` are the same event of $${locked.contract}.`, {
      hints: ['Name what the other side of the bridge does, or tell the two apart by `only`.'],
    })
  }
}

function bridgeOf(
  { feePercent, grace, late, remember }: BridgeOptions,
  ends: Record<BridgeSide, End>,
  by: Bridge['by'],
): Bridge {
  const end = ({ target: _, ...rest }: End): BridgeEnd => rest
  return {
    locked: end(ends.locked),
    released: end(ends.released),
    by,
    feePpm: feePercent === undefined ? null : Math.round(feePercent * 10_000),
    graceSeconds: grace,
    lateSeconds: late,
    rememberSeconds: Math.max(remember, late),
  }
}
