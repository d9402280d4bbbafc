import { type AbiEvent, type AbiParameter, toEventSelector } from 'viem'
import { formatAbiItem } from 'viem/utils'
import type { Hex } from '../../model/chain.ts'
import { compileDecoder } from './compileDecoder.ts'
import { lowerHex } from './lowerHex.ts'
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
  compileDecoder(event.inputs)
  const anonymous = event.anonymous === true
  const parameters = event.inputs.map((input) => (input.indexed && !fitsTopic(input) ? hashOf(input) : input))
  const indexed = parameters.flatMap((parameter, index) => (event.inputs[index]?.indexed ? [parameter] : []))
  const readers = indexed.map((parameter) => wordReader(parameter.type)!)
  const decodeData = compileDecoder(parameters.filter((_, index) => !event.inputs[index]?.indexed))
  const isIndexed = event.inputs.map((input) => input.indexed === true)
  const first = anonymous ? 0 : 1

  return {
    name: event.name,
    signature: formatAbiItem(event),
    anonymous,
    topic0: toEventSelector(event),
    parameters,
    decode({ topics, data }) {
      if (topics.length !== first + readers.length) {
        throw new UndecodableError(
          `The log has ${topics.length} topics where ${event.name} has ${first + readers.length}.`,
        )
      }
      const values = decodeData(data)
      let [topic, datum] = [0, 0]
      return isIndexed.map((fromTopic) => {
        if (!fromTopic) return values[datum++]!
        return readers[topic]!(wordOf(topics[first + topic++]!), 2)
      })
    },
  }
}

function fitsTopic({ type }: AbiParameter): boolean {
  return !type.endsWith(']') && wordReader(type) !== null
}

function hashOf({ name }: AbiParameter): AbiParameter {
  return name === undefined ? { type: 'bytes32' } : { name, type: 'bytes32' }
}

function wordOf(topic: Hex): string {
  if (topic.length !== 66) throw new UndecodableError('A topic is not 32 bytes long.')
  return lowerHex(topic)
}
