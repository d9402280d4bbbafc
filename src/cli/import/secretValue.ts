import { z } from 'zod'

const textMax = 4096

/** A secret as OpenZeppelin Monitor has it: typed, in any case of the type, or in older files the plain text. */
export const secretValue = z.union(
  [z.string().max(textMax), z.object({ type: z.string().max(64), value: z.string().max(textMax) })],
  'must be a text, or a type and a value',
)

export type SecretValue = z.output<typeof secretValue>

export type SecretSource = 'plain' | 'environment' | 'elsewhere'

/** Where it is kept. `value`: of a plain one the secret itself, else the name that it has there. */
export function sourceOf(secret: SecretValue): { source: SecretSource; value: string } {
  if (typeof secret === 'string') return { source: 'plain', value: secret }
  const type = secret.type.toLowerCase()
  return { source: type === 'plain' || type === 'environment' ? type : 'elsewhere', value: secret.value }
}
