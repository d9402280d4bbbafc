import { parseBlock } from '../src/evm/parseBlock.ts'
import { parseReceipts } from '../src/evm/parseReceipts.ts'
import type { Block } from '../src/model/chain.ts'
import type { Monitor } from '../src/model/monitor.ts'
import { createDispatchIndex } from '../src/watch/dispatchIndex.ts'
import { judgeBlock } from '../src/watch/judgeBlock.ts'
import { createMonitorMemory } from '../src/watch/monitorMemory.ts'
import { linkedChain } from '../test/harness/corpusChain.ts'
import { compare, rounded } from './compare.ts'
import type { Bench } from './figure.ts'
import { tokenMonitors, tokenRules } from './tokenRules.ts'

const [blocks, rounds] = [90, 15]

type Answers = { block: unknown; receipts: unknown }

/** The engine alone, over recorded blocks that are in memory: one thread, no node, no database. */
export const engine: Bench = async function* () {
  const texts = linkedChain(blocks, { from: 'receipts' }).map((served) => ({
    block: JSON.stringify(served.block),
    receipts: JSON.stringify(served.receipts),
  }))
  // Read anew for each run: strings that were looked up before would be found faster.
  const answers = () =>
    texts.map(({ block, receipts }) => ({ block: JSON.parse(block), receipts: JSON.parse(receipts) }))
  const parsed = () => answers().map(read)
  const transactions = parsed().reduce((sum, block) => sum + block.transactions.length, 0)
  const corpus = { blocks, transactions }

  const thousand = tokenMonitors(tokenRules({ busy: 200, idle: 800 }))
  const alone = await compare({ judge: judging(thousand) }, { rounds, prepare: parsed })
  const perSecond = (ms: number) => Math.round((transactions / ms) * 1000)
  yield {
    figure: 'judged with 1,000 monitors',
    value: perSecond(alone.judge),
    unit: 'transactions/s',
    ...corpus,
    findings: await judging(thousand)(parsed()),
  }
  const judge = judging(thousand)
  const whole = await compare({ all: (given: Answers[]) => judge(given.map(read)) }, { rounds, prepare: answers })
  yield {
    figure: 'read from parsed JSON, checked and judged with 1,000 monitors',
    value: perSecond(whole.all),
    unit: 'transactions/s',
    ...corpus,
  }

  const [one, many] = [1, 10_000].map((count) => tokenMonitors(tokenRules({ busy: 1, idle: count - 1 })))
  const cost = await compare({ one: judging(one!), many: judging(many!) }, { rounds, prepare: parsed })
  yield {
    figure: 'cost with 10,000 monitors by cost with 1, same matches',
    value: rounded(cost.many / cost.one),
    unit: 'ratio',
  }
  const index = await compare({ one: matching(one!), many: matching(many!) }, { rounds, prepare: parsed })
  yield { figure: 'the same, index alone', value: rounded(index.many / index.one), unit: 'ratio' }
}

function read({ block: raw, receipts }: Answers): Block {
  const block = parseBlock(raw)
  return { ...block, receipts: parseReceipts(receipts, block).receipts }
}

/** Gives the number of findings. */
function judging(monitors: readonly Monitor[]): (chain: Block[]) => Promise<number> {
  const readers = {
    index: createDispatchIndex(monitors),
    memory: createMonitorMemory([]),
    readState: async () => new Map(),
  }
  return async (chain) => {
    let findings = 0
    for (const block of chain) {
      readers.index.wantsReceipts(block)
      findings += (await judgeBlock(readers, block)).sighted.length
    }
    return findings
  }
}

/** Gives the number of monitors that something interested. */
function matching(monitors: readonly Monitor[]): (chain: Block[]) => number {
  const index = createDispatchIndex(monitors)
  return (chain) => chain.reduce((sum, block) => sum + Number(index.wantsReceipts(block)) + index.match(block).size, 0)
}
