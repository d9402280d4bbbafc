import { z } from 'zod'
import { percentOption } from '../../tokens/amounts.ts'
import { tracesOption } from '../../touched.ts'
import { dollarsOption } from '../dollarsOption.ts'

export const clusterProfitOptions = z.strictObject({
  usd: dollarsOption
    .default(100_000)
    .describe(
      'What strangers earn within 25 blocks by transactions that use the contracts, in dollars before each block; more is medium. Only what has `prices` is counted.',
    ),
  takenPercent: percentOption
    .default(50)
    .describe(
      'How much of what somebody held of a token a contract must have taken from them, though they did nothing, to have the severity of the monitor. A quarter of it is medium.',
    ),
  takenUsd: dollarsOption
    .default(1_000)
    .describe('And how much that must have been worth, where the token has `prices`.'),
  traces: tracesOption,
})
export type ClusterProfitOptions = z.output<typeof clusterProfitOptions>
