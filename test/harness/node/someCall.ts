import type { Address, Hex } from '../../../src/model/chain.ts'

/** A call that a contract makes inside a transaction. By default it succeeds and moves nothing. */
export type SomeCall = {
  kind?: 'call' | 'staticcall' | 'delegatecall' | 'callcode' | 'create' | 'create2' | 'selfdestruct'
  /** Default: whoever was called by the call around it. */
  from?: Address
  to: Address
  /** In wei. */
  value?: bigint
  /** Calldata, or the code that creates. */
  input?: Hex
  output?: Hex
  /** Such as `execution reverted`. */
  error?: string
  calls?: readonly SomeCall[]
}
