import { z } from 'zod'

/** A name that can stand in rules as `$name`. */
export const name = z
  .string('must be a name')
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'must be a name of letters, digits and _ that begins with a letter')

export const kebabName = z
  .string('must be a name')
  .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, 'must be a name of letters, digits, - and _ that begins with a letter')
