import { z } from 'zod'

type Shape = {
  properties?: Record<string, Shape>
  additionalProperties?: Shape | boolean
  items?: Shape
  anyOf?: Shape[]
  allOf?: Shape[]
}

/** The names that a schema knows at a path. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const whole = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape
  const places = path.reduce<Shape[]>((shapes, step) => shapes.flatMap((shape) => childrenOf(shape, step)), [whole])
  return [...new Set(places.flatMap(formsOf).flatMap(({ properties = {} }) => Object.keys(properties)))]
}

function formsOf(shape: Shape): Shape[] {
  const inner = [...(shape.anyOf ?? []), ...(shape.allOf ?? [])]
  return [shape, ...inner.flatMap(formsOf)]
}

function childrenOf(shape: Shape, step: PropertyKey): Shape[] {
  return formsOf(shape).flatMap(({ properties, additionalProperties, items }) => {
    if (typeof step === 'number') return items ?? []
    const named = properties?.[String(step)]
    if (named) return named
    return typeof additionalProperties === 'object' ? additionalProperties : []
  })
}
