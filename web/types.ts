import type { z } from 'zod'
import type * as schema from '../src/api/schemas.ts'

/** What the API answers, as it looks after its way through JSON: dates are ISO 8601 strings. */
type Answer<Schema extends z.ZodType> = Jsonified<z.output<Schema>>
type Jsonified<Value> = Value extends Date
  ? string
  : Value extends readonly (infer Item)[]
    ? Jsonified<Item>[]
    : Value extends object
      ? { [Key in keyof Value]: Jsonified<Value[Key]> }
      : Value

export type Status = Answer<typeof schema.statusSchema>
export type Chain = Answer<typeof schema.chainSchema>
export type Provider = Chain['providers'][number]
export type Monitor = Answer<typeof schema.monitorSchema>
export type Sight = Answer<typeof schema.sightSchema>
export type Alert = Answer<typeof schema.alertSchema>
export type AlertPage = Answer<typeof schema.alertPageSchema>
export type AlertDetail = Answer<typeof schema.alertDetailSchema> & {
  manual: Answer<typeof schema.manualSchema> | null
}
export type Finding = AlertDetail['findings'][number]
export type Delivery = Answer<typeof schema.deliverySchema>
export type Silence = Answer<typeof schema.silenceSchema>
export type Severity = Alert['severity']
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
