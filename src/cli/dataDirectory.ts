import { resolve } from 'node:path'

/** Where state lives. */
export const dataDirectory = (): string => resolve(process.env.TOCSIN_DATA ?? '.tocsin')
