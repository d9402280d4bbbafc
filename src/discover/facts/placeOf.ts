import { toFunctionSelector } from 'viem/utils'

/** Where a contract keeps whom it names, as it can be asked again; null: in its code, or in a list of roles. */
export function placeOf(where: string): { slot: string } | { call: string } | null {
  const [, getter] = /^(\w+)\(\)$/.exec(where) ?? []
  if (getter) return { call: toFunctionSelector(`${getter}()`) }
  const [, selector] = /^function (0x[0-9a-f]{8})$/.exec(where) ?? []
  if (selector) return { call: selector }
  const [, asked] = /^call (0x[0-9a-f]+)$/.exec(where) ?? []
  if (asked) return { call: asked }
  const [, slot] = /slot (\d+)/.exec(where) ?? []
  return slot ? { slot: `0x${Number(slot).toString(16)}` } : null
}
