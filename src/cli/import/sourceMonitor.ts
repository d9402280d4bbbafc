/** Whose words a condition is written in. */
export type Dialect = 'oz' | 'defender'

export type SourceCondition = { signature: string; expression: string | null }
export type SourceStatus = 'any' | 'success' | 'failure'
export type SourceTransaction = { status: SourceStatus; expression: string | null }

/** Any of the events or any of the functions, and any of the transactions; an empty list asks for nothing. */
export type ConditionSet = {
  events: readonly SourceCondition[]
  functions: readonly SourceCondition[]
  transactions: readonly SourceTransaction[]
}

/** A monitor as OpenZeppelin Monitor or Defender has it, in one form for both. */
export type SourceMonitor = {
  file: string
  name: string
  dialect: Dialect
  /** Slugs. */
  networks: readonly string[]
  paused: boolean
  /** `abi` as it came: nobody has looked at it yet. */
  addresses: readonly { address: string; abi: unknown }[]
  /** One that fits is enough. */
  conditions: readonly ConditionSet[]
  /** Ids of triggers. */
  triggers: readonly string[]
}
