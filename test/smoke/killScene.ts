import type { AlertContext } from '../../src/alerts/alertContext.ts'
import { alertContextOf } from '../../src/app/alertContextOf.ts'
import { plugIns } from '../../src/app/plugIns.ts'
import { loadConfig } from '../../src/config/loadConfig.ts'
import type { Monitor } from '../../src/model/monitor.ts'
import { linkedChain } from '../harness/corpusChain.ts'
import { account, chain, event, log, type SomeTransaction, tx } from '../harness/node/block.ts'
import type { ServedBlock } from '../harness/node/rpcTypes.ts'
import { canaries, canary, claimOf, monitor, quietContext, vault } from '../harness/watchScene.ts'

const swarm = account(0x5a)

/** What a watch that is killed again and again looks at. The same each time: two runs over it must end alike. */
export type KillScene = {
  monitors: readonly Monitor[]
  context: AlertContext
  chain(length: number): ServedBlock[]
}

/** `crafted` has what recorded traffic lacks: memory, storms, alerts that are cleared. `corpus` is recorded mainnet. */
export const killScenes = {
  crafted: (): KillScene => ({ monitors: craftedMonitors, context: craftedContext, chain: craftedChain }),
  corpus(): KillScene {
    const config = loadConfig('test/corpus/tocsin.yaml', plugIns, { TOCSIN_CORPUS_RPC: 'http://127.0.0.1' })
    const context = { ...alertContextOf(config, 'http://localhost:8080'), routes: quietContext.routes }
    return { monitors: config.monitors, context, chain: (length) => linkedChain(length, { from: 'receipts' }) }
  },
}

/** Who watches while being killed: one with much memory, one whose alerts come in storms, one that counts blocks. */
const craftedMonitors: readonly Monitor[] = [
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

const craftedContext: AlertContext = {
  ...quietContext,
  monitors: new Map(craftedMonitors.map((one) => [one.name, one])),
}

/** A chain in which something happens in most blocks. */
function craftedChain(length: number): ServedBlock[] {
  return chain(length, (place) => {
    const number = place + 1
    const transactions: SomeTransaction[] = [tx({ nonce: number })]
    if (number % 4 !== 0) transactions.push({ ...canary(number, BigInt(number) ** 20n) })
    if (number % 40 === 0) transactions.push(tx({ logs: Array.from({ length: 8 }, () => log({ address: swarm })) }))
    if (number % 9 === 0) transactions.push(tx({ logs: [event('event Noise(uint256 value)', vault, { value: 1n })] }))
    return transactions
  })
}
