import { type AbiEvent, encodeAbiParameters, keccak256, parseAbiItem, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Hex } from '../../model/chain.ts'
import { compileEvent } from './compileEvent.ts'
import { UndecodableError } from './undecodableError.ts'

const eventOf = (text: string) => parseAbiItem(text as string) as AbiEvent
const from = `0x${'11'.repeat(20)}` as const
const to = `0x${'22'.repeat(20)}` as const
const topicOf = (address: Hex): Hex => `0x${'0'.repeat(24)}${address.slice(2)}`

describe('compileEvent', () => {
  test('gives the values in the order of the ABI, whatever is indexed', () => {
    const event = compileEvent(
      eventOf('event Moved(uint256 amount, address indexed from, bool ok, address indexed to)'),
    )
    const data = encodeAbiParameters([{ type: 'uint256' }, { type: 'bool' }], [5n, true])
    const topics = [event.topic0, topicOf(from), topicOf(to)]
    expect(event.decode({ topics, data })).toEqual([5n, from, true, to])
    expect(event.signature).toBe('Moved(uint256,address,bool,address)')
  })

  test('gives the hash of an indexed parameter that does not fit a topic', () => {
    const abi = eventOf('event Named(string indexed name, uint8[2] indexed pair, (uint8 a) indexed one)')
    const event = compileEvent(abi)
    const hash = keccak256(toHex('x'))
    expect(event.parameters.map(({ type }) => type)).toEqual(['bytes32', 'bytes32', 'bytes32'])
    expect(event.parameters[0]?.name).toBe('name')
    expect(event.decode({ topics: [event.topic0, hash, hash, hash], data: '0x' })).toEqual([hash, hash, hash])
  })

  test('tells an ERC-20 from an ERC-721 Transfer by the number of topics', () => {
    const erc20 = compileEvent(eventOf('event Transfer(address indexed from, address indexed to, uint256 value)'))
    const erc721 = compileEvent(
      eventOf('event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)'),
    )
    const topics = [erc20.topic0, topicOf(from), topicOf(to), `0x${'0'.repeat(63)}7` as const]
    expect(erc721.topic0).toBe(erc20.topic0)
    expect(erc721.decode({ topics, data: '0x' })).toEqual([from, to, 7n])
    expect(() => erc20.decode({ topics, data: '0x' })).toThrow(/4 topics where Transfer has 3/)
  })

  test('says undecodable where topics or data are damaged', () => {
    const event = compileEvent(eventOf('event Transfer(address indexed from, address indexed to, uint256 value)'))
    const data: Hex = `0x${'0'.repeat(63)}7`
    const decode =
      (topics: Hex[], bytes: Hex = data) =>
      () =>
        event.decode({ topics, data: bytes })
    expect(decode([event.topic0, topicOf(from), topicOf(to)])()).toEqual([from, to, 7n])
    expect(decode([event.topic0, topicOf(from), '0x12'])).toThrow(UndecodableError)
    expect(decode([event.topic0, topicOf(from), `0x${'ff'.repeat(32)}`])).toThrow(UndecodableError)
    expect(decode([event.topic0, topicOf(from), topicOf(to)], '0x')).toThrow(UndecodableError)
    expect(decode([])).toThrow(UndecodableError)
  })

  test('refuses a type that does not exist, indexed or not', () => {
    const inputs = [{ name: 'kind', type: 'enum Kind', indexed: true }]
    expect(() => compileEvent({ type: 'event', name: 'Odd', inputs })).toThrow(/enum Kind, which does not exist/)
  })

  test('counts no topic 0 for an anonymous event', () => {
    const event = compileEvent({ ...eventOf('event Note(address indexed who)'), anonymous: true })
    expect(event.decode({ topics: [topicOf(from)], data: '0x' })).toEqual([from])
  })
})
