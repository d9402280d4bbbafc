import { expect, test } from 'vitest'
import { word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { readKey } from '../../model/read.ts'
import { type CallName, callRead, calls, codeRead } from './probes.ts'
import { recognise } from './recognise.ts'

const module: Address = `0x${'11'.repeat(20)}`
const safe: Address = `0x${'22'.repeat(20)}`

/** A contract whose code holds the functions that it answers, and no others. */
function recognised(answers: Partial<Record<CallName, Hex>>) {
  const names = Object.keys(answers) as CallName[]
  const code: Hex = `0x${names.map((name) => `63${calls[name].slice(2, 10)}14`).join('')}`
  const known = new Map<string, Hex>([[readKey(codeRead(module)), code]])
  for (const name of names) known.set(readKey(callRead(module, name)), answers[name]!)
  return recognise(module, {
    of: (read) => {
      const data = known.get(readKey(read))
      return data === undefined ? { ok: false, reverted: true, reason: 'it reverted' } : { ok: true, data }
    },
  })
}

test.each<[string, bigint | null, Partial<Record<CallName, Hex>>]>([
  ['delay', 60n, { txCooldown: word(60), txNonce: word(3) }],
  ['optimistic governor', 7200n, { liveness: word(7200), optimisticOracle: word(safe) }],
  ['reality', 5n, { questionCooldown: word(5) }],
  ['roles', null, { defaultRole: word(0) }],
])('a %s module is known by what it answers', (kind, seconds, answers) => {
  expect(recognised({ avatar: word(safe), ...answers }).module).toMatchObject({ kind, seconds, account: safe })
})

test('what names no account, or answers only avatar(), is no module', () => {
  expect(recognised({ txCooldown: word(60), txNonce: word(3) }).module).toBeUndefined()
  expect(recognised({ avatar: word(safe) }).module).toBeUndefined()
  expect(recognised({ avatar: word(0), txCooldown: word(60), txNonce: word(3) }).module).toBeUndefined()
})

test('a Safe tells of its modules, or of none where the list is cut short', () => {
  const owners: Hex = `0x${[32n, 1n, safe].map((each) => word(each as bigint).slice(2)).join('')}`
  const version: Hex = `0x${[word(32), word(5), `0x${Buffer.from('1.4.1').toString('hex').padEnd(64, '0')}`].map((each) => each.slice(2)).join('')}`
  const list = [word(64), word(1), word(1), word(module)].map((each) => each.slice(2)).join('')
  const of = (modules: Hex) => recognised({ threshold: word(1), owners, safeVersion: version, modules }).safe
  expect(of(`0x${list}`)?.modules).toEqual([module])
  expect(of(`0x${list.slice(64)}`)?.modules).toEqual([])
  expect(of(`0x${list.slice(0, -64)}`)?.modules).toEqual([])
})

test('a timelock is known by its delay, of OpenZeppelin or of Compound, and not by half of it', () => {
  expect(recognised({ minDelay: word(60) }).timelock).toMatchObject({ minDelaySeconds: 60n })
  expect(recognised({ delay: word(172_800), gracePeriod: word(1_209_600) }).timelock).toMatchObject({
    minDelaySeconds: 172_800n,
  })
  expect(recognised({ delay: word(172_800) }).timelock).toBeUndefined()
})

test('a governor is known by what it counts, of OpenZeppelin or of Compound, and not by half of it', () => {
  const mode: Hex = `0x${[word(32), word(4), `0x${Buffer.from('bravo').toString('hex').padEnd(64, '0')}`].map((each) => each.slice(2)).join('')}`
  const [votingPeriod, quorumVotes, proposalCount, timelock] = [word(20), word(400), word(0), word(safe)]
  const known = { votingPeriod: 20n, timelock: safe }
  expect(recognised({ votingPeriod, countingMode: mode, timelock }).governor).toMatchObject(known)
  expect(recognised({ votingPeriod, quorumVotes, proposalCount, timelock }).governor).toMatchObject(known)
  expect(recognised({ votingPeriod, quorumVotes, proposalCount }).governor).toMatchObject({ timelock: null })
  expect(recognised({ votingPeriod, quorumVotes }).governor).toBeUndefined()
  expect(recognised({ votingPeriod, proposalCount }).governor).toBeUndefined()
  expect(recognised({ quorumVotes, proposalCount }).governor).toBeUndefined()
})

test('one side of a bridge is known by what it calls the other, and names neither itself nor nobody', () => {
  expect(recognised({ remoteToken: word(safe) }).bridge).toMatchObject({ other: safe, kind: 'token' })
  expect(recognised({ OTHER_BRIDGE: word(safe) }).bridge).toMatchObject({ getter: 'OTHER_BRIDGE()', kind: 'bridge' })
  expect(recognised({ l2Bridge: word(0) }).bridge).toBeUndefined()
  expect(recognised({ otherBridge: word(module) }).bridge).toBeUndefined()
})
