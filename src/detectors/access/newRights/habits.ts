import { z } from 'zod'
import type { Hex } from '../../../model/chain.ts'
import { hexShape } from '../../remembered.ts'

/** How often a way to deal with a contract was looked at, and how often it gave somebody a right. Plain data. */
export const habits = z.record(hexShape, z.tuple([z.number(), z.number()]))
export type Habits = Readonly<z.output<typeof habits>>

const waysMax = 64
/** So many times without giving anybody a right: it is used for something else. */
const dullFrom = 8
/** Who was given a right this way so often is given it in the course of business, as customers are let in. */
const usualFrom = 3

export const isDull = (habits: Habits, way: Hex): boolean => {
  const [looks, rights] = habits[way] ?? [0, 0]
  return rights === 0 && looks >= dullFrom
}

export const isUsual = (habits: Habits, way: Hex): boolean => (habits[way]?.[1] ?? 0) >= usualFrom

export function afterLook(habits: Habits, way: Hex, rights: number): Habits {
  const [looks, given] = habits[way] ?? [0, 0]
  const next: Habits = { ...habits, [way]: [Math.min(looks + 1, dullFrom), Math.min(given + rights, usualFrom)] }
  // Whoever calls functions that are not there shall not push out what was learned: the newest go first.
  return Object.fromEntries(Object.entries(next).slice(0, waysMax))
}
