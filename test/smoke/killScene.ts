import type { AlertContext } from '../../src/alerts/alertContext.ts'
import type { Monitor } from '../../src/model/monitor.ts'
import { account, chain, event, log, type SomeTransaction, tx } from '../harness/node/block.ts'
import type { ServedBlock } from '../harness/node/rpcTypes.ts'
import { canaries, canary, claimOf, monitor, quietContext, vault } from '../harness/watchScene.ts'

const swarm = account(0x5a)

/** Who watches while being killed: one with much memory, one whose alerts come in storms, one that counts blocks. */
export const killMonitors: readonly Monitor[] = [
  monitor('canaries', canaries, { resolveAfterSeconds: 120 }),
  monitor('storms', {
    interests: [{ kind: 'log', addresses: [swarm] }],
    detect: ({ logs }) => ({
      claims: logs.map((each) => claimOf(each, { group: `${each.transactionHash} ${each.position}` })),
    }),
  }),
  monitor('clock', {
    interests: [{ kind: 'tick', everyBlocks: 1 }],
    detect({ block: { number } }, memory) {
      const count = Number(memory.get('count') ?? 0) + 1
      return {
        memory: { count },
        cleared: number % 25 === 0 ? ['bell'] : [],
        claims:
          number % 25 === 20
            ? [
                {
                  key: `bell ${number}`,
                  subject: 'bell',
                  address: vault,
                  title: `Block ${number}`,
                  facts: { count },
                  evidence: 'soft',
                  group: 'bell',
                },
              ]
            : [],
      }
    },
  }),
]

export const killContext: AlertContext = {
  ...quietContext,
  monitors: new Map(killMonitors.map((one) => [one.name, one])),
}

/** A chain in which something happens in most blocks. The same each time: two runs over it must end alike. */
export function killChain(length: number): ServedBlock[] {
  return chain(length, (place) => {
    const number = place + 1
    const transactions: SomeTransaction[] = [tx({ nonce: number })]
    if (number % 4 !== 0) transactions.push({ ...canary(number, BigInt(number) ** 20n) })
    if (number % 40 === 0) transactions.push(tx({ logs: Array.from({ length: 8 }, () => log({ address: swarm })) }))
    if (number % 9 === 0) transactions.push(tx({ logs: [event('event Noise(uint256 value)', vault, { value: 1n })] }))
    return transactions
  })
}
