/**
 * A decoded ABI value: integers of every width as bigint, addresses and bytes as lower-case hex, arrays and tuples by
 * position.
 */
export type Value = bigint | boolean | string | readonly Value[]
