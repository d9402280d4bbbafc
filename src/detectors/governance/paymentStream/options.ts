import { z } from 'zod'
import { percentOption } from '../../tokens/amounts.ts'
import { place } from '../governance/place.ts'

export const paymentStreamOptions = z.strictObject({
  days: z
    .int()
    .min(1)
    .max(3650)
    .default(30)
    .describe('What a stream without a deposit pays within so many days is what is judged.'),
  percent: percentOption
    .default(10)
    .describe('That, or the deposit of a stream, in percent of what the payer holds of the token, to be medium.'),
  grave: percentOption
    .default(25)
    .describe('From which it has the severity of the monitor, unless signers of a Safe or a timelock had decided it.'),
  streams: z
    .array(place)
    .max(32)
    .default([])
    .describe(
      'Contracts that streams run in, such as Sablier Lockup. What they tell is believed, and whoever a stream is handed on to is told of.',
    ),
  known: z
    .array(place)
    .max(64)
    .default([])
    .describe('Who may be paid by streams, as `$name` or address: of them only what is large is told.'),
})

export type PaymentStreamOptions = z.output<typeof paymentStreamOptions>
