import { z } from 'zod'

/** An amount of dollars; counted in cents. */
export const dollarsOption = z.number().min(0.01).max(1e12)
