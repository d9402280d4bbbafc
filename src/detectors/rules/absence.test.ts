import { parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, call, event, log, tx } from '../../../test/harness/node/block.ts'
import { contract, scene } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { RuleError } from '../../rules/ruleError.ts'
import { absence } from './absence.ts'

const [feedAddress, otherAddress] = [account(0x1111), account(0x2222)]
const signature = 'event Updated(uint256 price)'
const feed = contract('feed', feedAddress, { abi: parseAbi([signature]) })
const other = contract('other', otherAddress, { abi: parseAbi([signature]) })

const updated = (price: bigint, address: Address = feedAddress) => ({
  transactions: [tx({ logs: [event(signature, address, { price })] })],
})
const watching = (on = [feed], of = 'event Updated if price > 0') => scene(absence, on, { options: { of, within: 3 } })

describe('an absence', () => {
  test('is counted from the first block that is seen, and spoken of once', () => {
    const watch = watching()
    const first = watch.see()
    expect([first, watch.see(), watch.see()].flatMap(({ claims }) => claims)).toEqual([])
    const since = first.block.number
    expect(watch.see().claims).toEqual([
      {
        key: `since ${since}`,
        subject: `absence at ${feedAddress}`,
        address: feedAddress,
        title: `feed has been silent for 3 blocks: none of "event Updated if price > 0" since block ${since.toLocaleString('en')}`,
        facts: { rule: 'event Updated if price > 0', within: '3', since: String(since) },
        evidence: 'soft',
      },
    ])
    expect(watch.see()).toMatchObject({ claims: [], memory: {} })
  })

  test('is silent while it happens in the last block that counts', () => {
    const watch = watching()
    const said = [{}, {}, updated(1n), {}, {}, updated(1n), {}, {}].map((block) => watch.see(block))
    expect(said.flatMap(({ claims }) => claims)).toEqual([])
    expect(watch.see().claims).toHaveLength(1)
  })

  test('does not count what the rule does not mean, or what another contract does', () => {
    const watch = watching()
    const said = [{}, updated(0n), updated(1n, otherAddress), updated(0n)].map((block) => watch.see(block))
    expect(said.flatMap(({ claims }) => claims)).toHaveLength(1)
  })

  test('is over when it happens again, and the next time is another one', () => {
    const watch = watching()
    for (let i = 0; i < 4; i++) watch.see()
    expect(watch.see(updated(1n)).cleared).toEqual([feedAddress])
    expect(watch.see(updated(1n)).cleared).toEqual([])
    const keys = [{}, {}, {}, {}].flatMap((block) => watch.see(block).claims.map(({ key }) => key))
    expect(keys).toHaveLength(1)
  })

  test('is counted for each contract by itself', () => {
    const watch = watching([feed, other])
    const said = [{}, updated(1n, otherAddress), {}, {}, {}].map((block) => watch.see(block).claims)
    expect(said.map((claims) => claims.map(({ address }) => address))).toEqual([
      [],
      [],
      [],
      [feedAddress],
      [otherAddress],
    ])
  })

  test('is blind for what it cannot decode, which does not count', () => {
    const watch = watching()
    const [topics] = updated(1n).transactions.map(({ logs }) => logs[0]!.topics)
    const broken = { transactions: [tx({ logs: [log({ address: feedAddress, topics: topics!, data: '0x12' })] })] }
    watch.see()
    expect(watch.see(broken).blind).toEqual([
      'Updated on feed: The data ends at byte 1, where the ABI goes on to byte 32.',
    ])
    watch.see()
    expect(watch.see().claims).toHaveLength(1)
  })

  test('is broken by a call inside a transaction only where these are looked at', () => {
    const poke = 'function poke()'
    const keeper = contract('keeper', feedAddress, { abi: parseAbi([poke]) })
    const inside = { transactions: [tx({ to: otherAddress, calls: [{ to: feedAddress, input: call(poke) }] })] }
    const claimsOf = (options: object) => {
      const watch = scene(absence, [keeper], { options: { of: 'call poke', within: 3, ...options } })
      return [{}, {}, inside, {}, {}].flatMap((block) => watch.see(block).claims)
    }
    expect(claimsOf({ internal: 'all' })).toEqual([])
    expect(claimsOf({})).toHaveLength(1)
  })

  test('needs a rule', () => {
    expect(() => watching([feed], 'event Updaded')).toThrow(RuleError)
  })
})

describe('an absence that the config changes', () => {
  test('is counted anew, also where the one before was missed', () => {
    const watch = watching()
    const missed = [{}, {}, {}, {}].map((block) => watch.see(block))
    expect(missed.flatMap(({ claims }) => claims)).toHaveLength(1)
    const other = watching([feed], 'event Updated if price > 5')
    for (const [key, value] of watch.memory) other.memory.set(key, value)
    const said = [{}, {}, {}, {}].map((block) => other.see(block))
    expect(said.flatMap(({ claims }) => claims)).toHaveLength(1)
    expect(said[0]?.cleared).toEqual([feedAddress])
  })
})
