import { toEventSelector } from 'viem/utils'
import { z } from 'zod'
import { compileDecoder } from '../../../evm/abi/compileDecoder.ts'
import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { signedTopic } from '../../hasActed.ts'
import { hexShape } from '../../remembered.ts'
import { mildened } from './mildened.ts'
import type { Told } from './tellings.ts'

/** Owners of a Safe who came or went of late, with the unix time of that. Plain data. */
const movedShape = z.array(z.tuple([hexShape, z.number()]))
export const turnoverShape = z.object({ came: movedShape, went: movedShape })
export type Turnover = z.output<typeof turnoverShape>

/** So long a newcomer is one: whoever takes a Safe over step by step must not have forgotten steps. */
const newcomerSeconds = 30 * 86_400
/** More who came or went within that time are no ordinary change. */
const turnoverMax = 32

const [getThreshold, getOwners]: [Hex, Hex] = ['0xe75235b8', '0xa0e67e2b']
const moduleTopic = toEventSelector('ExecutionFromModuleSuccess(address)')
const decodeOwners = compileDecoder([{ type: 'address[]' }])

const isOfOwners = ({ event }: Told) => event.standard === 'Safe' && event.kind === 'owner'

const asked = (to: Address): Read[] =>
  (['parent', 'block'] as const).flatMap((at) =>
    [getThreshold, getOwners].map((data): Read => ({ kind: 'call', at, to, data })),
  )

export const readsOfOwners = (safe: Address, told: readonly Told[]): Read[] =>
  told.some(isOfOwners) ? asked(safe) : []

type State = { threshold: number; owners: Address[] }

/**
 * What a change of the owners of a Safe amounts to. By their usual way, with the signatures that it always took, people
 * join and leave teams: whoever joined cannot pay out anything without those who were there before, as long as there are
 * fewer new owners than must sign. Where fewer must sign than before, where new ones could sign alone, where as many have
 * gone, and where a module did it, it is as grave as ever.
 */
export function judgeOwners(
  safe: Address,
  told: readonly Told[],
  { before, observation }: { before: Turnover | undefined; observation: Observation },
): { milder(claim: Claim, told: Told): Claim; after: Turnover | undefined } {
  const unchanged = { milder: (claim: Claim) => claim, after: before }
  if (!told.some(isOfOwners)) return unchanged
  const [was, now] = statesOf(safe, observation)
  if (!was || !now) return unchanged
  const after = turnoverAfter(before, { was, now, time: observation.block.timestamp })
  const { threshold } = now
  const isMild =
    threshold >= 2 && threshold >= was.threshold && after.came.length < threshold && after.went.length < threshold
  const milder = isMild
    ? `its owners signed, and ${after.came.length} of the ${threshold} who must sign can be new`
    : null
  return {
    after,
    milder: (claim, each) =>
      milder !== null && isOfOwners(each) && isSigned(safe, each, observation)
        ? mildened(claim, 'medium', { milder })
        : claim,
  }
}

/** Before and after the block; null: the Safe does not answer as one. */
function statesOf(safe: Address, observation: Observation): (State | null)[] {
  const answers = asked(safe).map((read) => observation.state(read))
  return [answers.slice(0, 2), answers.slice(2)].map(([threshold, owners]) => {
    if (!threshold?.ok || threshold.data.length !== 66 || !owners?.ok) return null
    try {
      return { threshold: Number(BigInt(threshold.data)), owners: decodeOwners(owners.data)[0] as Address[] }
    } catch (error) {
      if (!(error instanceof UndecodableError)) throw error
      return null
    }
  })
}

function turnoverAfter(
  before: Turnover | undefined,
  { was, now, time }: { was: State; now: State; time: number },
): Turnover {
  const missingIn = (list: readonly Address[], others: readonly Address[]) => {
    const there = new Set(others)
    return list.filter((each) => !there.has(each)).map((each): [Address, number] => [each, time])
  }
  const owners = new Set(now.owners)
  const recent = ([, at]: [Address, number]) => at > time - newcomerSeconds
  const came = [...(before?.came ?? []).filter(recent), ...missingIn(now.owners, was.owners)]
  const went = [...(before?.went ?? []).filter(recent), ...missingIn(was.owners, now.owners)]
  return {
    came: came.filter(([each]) => owners.has(each)).slice(-turnoverMax),
    went: went.filter(([each]) => !owners.has(each)).slice(-turnoverMax),
  }
}

/** Whether the Safe says that its owners signed for it, and that no module did anything beside them. */
export function isSigned(safe: Address, { log }: Pick<Told, 'log'>, { block }: Observation): boolean {
  const own = (block.receipts?.[log.transactionIndex]?.logs ?? []).filter(({ address }) => address === safe)
  const has = (topic: Hex) => own.some(({ topics, position }) => topics[0] === topic && position > log.position)
  return has(signedTopic) && !own.some(({ topics }) => topics[0] === moduleTopic)
}
