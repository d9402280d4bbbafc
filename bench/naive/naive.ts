import { deepStrictEqual } from 'node:assert'
import { parseBlock } from '../../src/evm/parseBlock.ts'
import { parseReceipts } from '../../src/evm/parseReceipts.ts'
import type { Block } from '../../src/model/chain.ts'
import { createDispatchIndex } from '../../src/watch/dispatchIndex.ts'
import { judgeBlock } from '../../src/watch/judgeBlock.ts'
import { createMonitorMemory } from '../../src/watch/monitorMemory.ts'
import { linkedChain } from '../../test/harness/corpusChain.ts'
import { compare, rounded } from '../compare.ts'
import type { Bench } from '../figure.ts'
import { tokenAbi, tokenMonitors, tokenRules } from '../tokenRules.ts'
import { naiveJudge } from './naiveJudge.ts'

const [blocks, rounds] = [9, 5]
/** Runs of the engine until V8 has compiled it; the other takes so long that one is enough for it. */
const engineWarmUps = 100

/** The engine against the straightforward design, over the same blocks in memory, with the same 1,000 rules and findings. */
export const naive: Bench = async function* () {
  const texts = linkedChain(blocks, { from: 'receipts' }).map(({ block, receipts }) =>
    JSON.stringify({ block, receipts }),
  )
  const prepare = (): Block[] =>
    texts.map((text) => {
      const { block: raw, receipts } = JSON.parse(text) as { block: unknown; receipts: unknown }
      const block = parseBlock(raw)
      return { ...block, receipts: parseReceipts(receipts, block).receipts }
    })
  const rules = tokenRules({ busy: 200, idle: 800 })
  const ours = judging(rules)
  const simple = (chain: Block[]) => {
    const withAbi = rules.map((rule) => ({ ...rule, abi: JSON.stringify(tokenAbi) }))
    return chain.flatMap((block) =>
      naiveJudge(withAbi, block).map(({ rule, transactionHash, position }) => `${rule} ${transactionHash} ${position}`),
    )
  }
  const said = await ours(prepare())
  deepStrictEqual(simple(prepare()).sort(), said.toSorted())

  for (let times = 0; times < engineWarmUps; times++) await ours(prepare())
  const took = await compare({ ours, simple }, { rounds, warmUps: 1, prepare })
  const transactions = prepare().reduce((sum, block) => sum + block.transactions.length, 0)
  const perSecond = (ms: number) => `${Math.round((transactions / ms) * 1000)} transactions/s`
  yield {
    figure: 'judged with 1,000 monitors, by the rate of the straightforward design',
    value: rounded(took.simple / took.ours, 1),
    unit: 'ratio',
    ours: perSecond(took.ours),
    straightforward: perSecond(took.simple),
    blocks,
    transactions,
    findings: said.length,
  }
}

/** Names each finding as the straightforward design does. */
function judging(rules: Parameters<typeof tokenMonitors>[0]): (chain: Block[]) => Promise<string[]> {
  const readers = {
    index: createDispatchIndex(tokenMonitors(rules)),
    memory: createMonitorMemory([]),
    readState: async () => new Map(),
  }
  return async (chain) => {
    const said: string[] = []
    for (const block of chain) {
      readers.index.wantsReceipts(block)
      const { sighted } = await judgeBlock(readers, block)
      const positions = new Map(
        block.receipts!.flatMap(({ logs }) => logs.map((log) => [log.logIndex, log.position] as const)),
      )
      for (const { finding, sighting } of sighted)
        said.push(`${finding.monitor} ${finding.transactionHash} ${positions.get(sighting.logIndex!)}`)
    }
    return said
  }
}
