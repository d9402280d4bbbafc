import type { AbiEvent, AbiParameter } from 'viem'
import { formatAbiItem, toEventSelector } from 'viem/utils'
import type { Hex } from '../../model/chain.ts'
import { compileReader } from './compileDecoder.ts'
import { openEncoded } from './encoded.ts'
import { UndecodableError } from './undecodableError.ts'
import type { Value } from './value.ts'
import { wordReader } from './wordReader.ts'

export type CompiledEvent = {
  name: string
  /** Such as `Transfer(address,address,uint256)`. */
  signature: string
  anonymous: boolean
  topic0: Hex
  /** As `decode` gives them: an indexed parameter that does not fit a topic has become its `bytes32` hash. */
  parameters: readonly AbiParameter[]
  /** @throws {UndecodableError} */
  decode(log: { topics: readonly Hex[]; data: Hex }): Value[]
}

/**
 * Compiles a decoder of one event; it does not compare topic 0.
 *
 * @throws {KnownError} A type of the ABI does not exist.
 */
export function compileEvent(event: AbiEvent): CompiledEvent {
  // Indexed types are otherwise never looked into, and one that does not exist would make topic 0 match nothing.
  compileReader(event.inputs)
  const anonymous = event.anonymous === true
  const parameters = event.inputs.map((input) => (input.indexed && !fitsTopic(input) ? hashOf(input) : input))
  const readData = compileReader(parameters.filter((_, index) => !event.inputs[index]?.indexed))
  /** By parameter: what reads it from its topic; null where it stands in the data. */
  const readers = parameters.map(({ type }, index) => (event.inputs[index]?.indexed ? wordReader(type) : null))
  const first = anonymous ? 0 : 1
  const topicCount = first + readers.filter((read) => read !== null).length

  return {
    name: event.name,
    signature: formatAbiItem(event),
    anonymous,
    topic0: toEventSelector(event),
    parameters,
    decode({ topics, data }) {
      if (topics.length !== topicCount) {
        throw new UndecodableError(`The log has ${topics.length} topics where ${event.name} has ${topicCount}.`)
      }
      let digits = '0x'
      for (let index = first; index < topicCount; index++) digits += digitsOf(topics[index]!)
      const before = 32 * (topicCount - first)
      const encoded = openEncoded(digits + data.slice(2), before)
      const values = readData(encoded, before)
      let [word, datum] = [0, 0]
      return readers.map((read) => (read ? read(encoded, 32 * word++) : values[datum++]!))
    },
  }
}

function fitsTopic({ type }: AbiParameter): boolean {
  return !type.endsWith(']') && wordReader(type) !== null
}

function hashOf({ name }: AbiParameter): AbiParameter {
  return name === undefined ? { type: 'bytes32' } : { name, type: 'bytes32' }
}

function digitsOf(topic: Hex): string {
  if (topic.length !== 66) throw new UndecodableError('A topic is not 32 bytes long.')
  return topic.slice(2)
}
