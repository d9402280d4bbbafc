import { erc20Abi } from 'viem'
import { expression } from '../src/detectors/rules/expression.ts'
import type { Address } from '../src/model/chain.ts'
import type { Monitor } from '../src/model/monitor.ts'
import { recordedReceipts } from '../test/harness/corpus.ts'
import { monitor } from '../test/harness/watchScene.ts'

/** One monitor as a user writes it: `event Transfer if value > …` on one token. */
export type TokenRule = { name: string; address: Address; event: 'Transfer' | 'Approval'; condition: string }

export const tokenAbi = erc20Abi

/** Some are true of a few logs in each recorded block; each has to look into every log of its token. */
const conditions = [
  { event: 'Transfer', condition: 'value > 50000000000000000000000' },
  { event: 'Approval', condition: 'value > 1000000000000 and spender != 0x000000000022d473030f116ddee9f6b43ac78ba3' },
  { event: 'Transfer', condition: 'value >= 1000000000 and from != 0x0000000000000000000000000000000000000000' },
] as const

/** So many rules: on the contracts that log most in the recorded blocks, one each, and the others where nothing happens. */
export function tokenRules({ busy, idle }: { busy: number; idle: number }): TokenRule[] {
  const addresses = [...busiest().slice(0, busy), ...Array.from({ length: idle }, (_, number) => idleAddress(number))]
  return addresses.map((address, number) => ({
    name: `rule ${number}`,
    address,
    ...conditions[number % conditions.length]!,
  }))
}

/** Compiled as the config compiles them. */
export function tokenMonitors(rules: readonly TokenRule[], rest: Partial<Monitor> = {}): Monitor[] {
  return rules.map(({ name, address, event, condition }) => {
    const target = { name: 'token', chain: 'mainnet', address, abi: tokenAbi, role: 'protected' } as const
    const watch = expression.compile({
      options: expression.options.parse({}),
      targets: [target],
      when: `event ${event} if ${condition}`,
      names: new Map([['token', target]]),
      chain: { name: 'mainnet', id: 1 },
    })
    return monitor(name, watch, rest)
  })
}

/** The most often logging first. */
function busiest(): Address[] {
  const logs = recordedReceipts().flatMap(({ receipts }) => receipts.flatMap((receipt) => receipt.logs))
  const byAddress = Map.groupBy(logs, ({ address }) => address)
  return [...byAddress].toSorted(([, a], [, b]) => b.length - a.length).map(([address]) => address)
}

const idleAddress = (number: number): Address =>
  `0x${(0x1d1e << 16).toString(16)}${number.toString(16).padStart(32, '0')}`
