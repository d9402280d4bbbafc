import type { AbiEvent } from 'viem'
import { parseAbiItem } from 'viem/utils'
import { compileEvent } from '../../../evm/abi/compileEvent.ts'
import { UndecodableError } from '../../../evm/abi/undecodableError.ts'
import type { Address, Log } from '../../../model/chain.ts'

/** One swap in a pool of two tokens. */
export type Swap = {
  pool: Address
  /** Token 0 went in and token 1 came out. */
  zeroForOne: boolean
  /** Of token 0 and token 1: what the pool got, negative what it gave. */
  amounts: [bigint, bigint]
  /** Price of token 0 in token 1 after it, as a fraction in base units; null where the pool does not tell. */
  after: Fraction | null
  /** It is of the v2 family, whose price is that of its reserves. */
  isPair: boolean
  position: number
}

/** Numerator and denominator. */
export type Fraction = readonly [bigint, bigint]

const compile = (signature: string) => compileEvent(parseAbiItem(signature) as AbiEvent)
const v2Swap = compile(
  'event Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)',
)
const v2Sync = compile('event Sync(uint112 reserve0, uint112 reserve1)')
const v3Swap = compile(
  'event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)',
)
const pancakeSwap = compile(
  'event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick, uint128 protocolFeesToken0, uint128 protocolFeesToken1)',
)
const concentrated = new Map([v3Swap, pancakeSwap].map((event) => [event.topic0, event]))

/** Swaps of pools of the Uniswap v2 and v3 families, in the order of their logs. */
export function swapsOf(logs: readonly Log[]): Swap[] {
  const reserves = new Map<Address, Fraction>()
  return logs.flatMap((log): Swap[] => {
    try {
      const [topic0] = log.topics
      if (topic0 === v2Sync.topic0) {
        const [reserve0, reserve1] = v2Sync.decode(log) as [bigint, bigint]
        reserves.set(log.address, [reserve1, reserve0])
        return []
      }
      if (topic0 === v2Swap.topic0) {
        const [, in0, in1, out0, out1] = v2Swap.decode(log) as [Address, bigint, bigint, bigint, bigint]
        return swap(log, [in0 - out0, in1 - out1], { after: reserves.get(log.address) ?? null, isPair: true })
      }
      const event = topic0 && concentrated.get(topic0)
      if (!event) return []
      const [, , amount0, amount1, root] = event.decode(log) as [Address, Address, bigint, bigint, bigint]
      return swap(log, [amount0, amount1], { after: [root * root, 1n << 192n], isPair: false })
    } catch (error) {
      if (error instanceof UndecodableError) return []
      throw error
    }
  })
}

function swap({ address, position }: Log, amounts: [bigint, bigint], price: Pick<Swap, 'after' | 'isPair'>): Swap[] {
  const [first, second] = amounts
  // What goes in on both sides, or out, is no exchange.
  if (first === 0n || second === 0n || first > 0n === second > 0n) return []
  return [{ pool: address, zeroForOne: first > 0n, amounts, ...price, position }]
}
