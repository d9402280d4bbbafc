import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import { RpcError } from '../../evm/rpc/rpcError.ts'
import { inParallel } from '../../lib/inParallel.ts'
import { numberOfAnswer } from '../../lib/numberOfAnswer.ts'
import type { Address, BlockHeader, Call, Hex } from '../../model/chain.ts'
import type { Read } from '../../model/read.ts'
import { addressOf, dataOf, numberOf } from '../facts/answerOf.ts'
import { askBefore } from '../facts/askBefore.ts'
import { type Answers, askState } from '../facts/askState.ts'
import { recentUse, type Use } from './recentUse.ts'

/**
 * What contracts ask others whenever they are used. `from`: a watched one, or one that it asks. `named`: the answer is
 * this address. `isPrice`: it is a number that stands still while the contracts are used, as prices do and sums do not.
 */
export type Asked = { from: Address; to: Address; call: Hex; named: Address | null; isPrice: boolean }

/** Different questions that are looked at, and the longest: a function and three words. */
const [questionsMax, callLengthMax] = [64, 10 + 3 * 64]
/** Transactions in which a question must have been asked before it is one that is always asked. */
const asksMin = 2
/** So many blocks ago, as far as a provider remembers. */
const looksBack = [8, 64, 1_024]
/** A number that was more than so many times another one of late moves too much for its leaps to mean anything. */
const steadyTimes = 1.25
/** Less is no price but a count or a flag, and more is none either. */
const price = { least: 1_000n, most: 2n ** 160n }
/** Interest moves a number in each block by less than a part of so many; who deals moves sums by more. */
const stillParts = 10_000n

/** `balanceOf(address)`, and `totalSupply()`: sums, of which other monitors tell. */
const [balanceOf, totalSupply] = ['0x70a08231', '0x18160ddd'] as const
/** `transfer` and `transferFrom` of tokens. */
const moves = ['0xa9059cbb', '0x23b872dd']

/** Of Uniswap v2 and v3. Who trades in a pool asks it, too, but gets what it gives. */
const swaps = ['0x022c0d9f', '0x128acb08']

type Question = Pick<Asked, 'from' | 'to' | 'call'>

/**
 * Questions that the transactions of late show: asked again and again in the same words, of whom no caller chose.
 * @throws {RpcError} The chain cannot be read.
 */
export async function findAsked(
  client: ChainClient,
  header: BlockHeader,
  watched: readonly Address[],
): Promise<Asked[]> {
  const uses = await recentUse(client, header, watched)
  const counted = new Map<string, { question: Question; times: number }>()
  for (const use of uses) {
    const own = new Map(questionsIn(use, watched).map((question) => [keyOf(question), question]))
    for (const [key, question] of own) {
      const { times = 0 } = counted.get(key) ?? {}
      if (times > 0 || counted.size < questionsMax) counted.set(key, { question, times: times + 1 })
    }
  }
  const usual = [...counted.values()].filter(({ times }) => times >= asksMin).map(({ question }) => question)
  if (usual.length === 0) return []
  const reads = usual.map(({ to, call }) => readOf(to, call))
  const now = await askState(client, header, reads)
  const past = await askBefore(client, header, { looksBack, reads })
  const around = await inParallel(uses, 4, (use) => stateAround(client, use, usual))
  const holders = await holdersAmong(client, header, usual, uses)
  return usual.map((question) => {
    const read = readOf(question.to, question.call)
    const named = namedIn(now, read)
    const isKept = named !== null && past.every((each) => (namedIn(each, read) ?? named) === named)
    return {
      ...question,
      named: isKept ? named : null,
      isPrice:
        named === null && !holders.has(question.to) && isSteady(read, [now, ...past]) && isStill(question, around),
    }
  })
}

const keyOf = ({ from, to, call }: Question): string => `${from} ${to} ${call}`
const readOf = (to: Address, data: Hex, at: 'block' | 'parent' = 'block'): Read => ({ at, kind: 'call', to, data })

/** Asked by ours, or by whom these ask. Whom or what a caller names is of his choice. */
function questionsIn({ transaction, calls }: Use, watched: readonly Address[]): Question[] {
  const askers = new Set(watched)
  const parties = new Set([transaction.from, ...calls.filter(({ kind }) => kind === 'call').map(({ from }) => from)])
  const traded = new Set(
    calls.filter(({ input }) => swaps.some((each) => input.startsWith(each))).map((each) => each.to),
  )
  const isOf = (text: string, account: Address) => text.includes(account.slice(2))
  return calls.flatMap(({ kind, from, to, input, reverted }: Call): Question[] => {
    if (kind !== 'staticcall' || reverted || !to || !askers.has(from) || to === from) return []
    if (input.length < 10 || input.length > callLengthMax || isOf(transaction.input, to) || traded.has(to)) return []
    if (input.startsWith(balanceOf) || input === totalSupply) return []
    askers.add(to)
    if ([...parties].some((account) => isOf(input, account))) return []
    return [{ from, to, call: input }]
  })
}

const tokensMax = 8

/** Who holds tokens counts them when asked: what is invested there is no price. */
async function holdersAmong(
  client: ChainClient,
  header: BlockHeader,
  questions: readonly Question[],
  uses: readonly Use[],
): Promise<ReadonlySet<Address>> {
  const calls = uses.flatMap((use) => use.calls)
  const asked = [...new Set(questions.map(({ to }) => to))]
  const balanceCall = (account: Address): Hex => `${balanceOf}${'0'.repeat(24)}${account.slice(2)}`
  const counting = asked.filter((to) => calls.some(({ from, input }) => from === to && input === balanceCall(to)))
  const moved = calls.filter(({ input }) => moves.some((each) => input.startsWith(each)))
  const tokens = [...new Set(moved.flatMap(({ to }) => to ?? []))].slice(0, tokensMax)
  const reads = tokens.flatMap((token) => asked.map((to) => ({ to, read: readOf(token, balanceCall(to)) })))
  const answers = await askState(
    client,
    header,
    reads.map(({ read }) => read),
  )
  const holding = reads.filter(({ read }) => (numberOf(dataOf(answers.of(read))) ?? 0n) > 0n)
  return new Set([...counting, ...holding.map(({ to }) => to)])
}

const namedIn = (answers: Answers, read: Read): Address | null => {
  const address = addressOf(dataOf(answers.of(read)))
  // A number is seldom as long as an address and never begins as one with all its digits.
  return address && !/^0x0{6}/.test(address) && !/0{8}$/.test(address) ? address : null
}

function isSteady(read: Read, moments: readonly Answers[]): boolean {
  const numbers = moments
    .map((answers) => numberOfAnswer(dataOf(answers.of(read))))
    .filter((number) => number !== null && number > 0n) as bigint[]
  const [least, most] = [numbers.reduce(smaller, price.most), numbers.reduce(larger, 0n)]
  return numbers.length > 0 && least >= price.least && most < price.most && Number(most) <= steadyTimes * Number(least)
}

const smaller = (a: bigint, b: bigint) => (a < b ? a : b)
const larger = (a: bigint, b: bigint) => (a > b ? a : b)

/** Whether most dealings with the contracts left the answer as it was; false where no provider remembers. */
function isStill({ to, call }: Question, around: readonly (Answers | null)[]): boolean {
  const moved = around.flatMap((answers) => {
    const [before, after] = (['parent', 'block'] as const).map((at) =>
      numberOfAnswer(answers ? dataOf(answers.of(readOf(to, call, at))) : undefined),
    )
    if (!before || !after) return []
    return [(after > before ? after - before : before - after) * stillParts > before]
  })
  return moved.length > 0 && 2 * moved.filter(Boolean).length < moved.length
}

async function stateAround(
  client: ChainClient,
  { block }: Use,
  questions: readonly Question[],
): Promise<Answers | null> {
  try {
    const reads = questions.flatMap(({ to, call }) => (['parent', 'block'] as const).map((at) => readOf(to, call, at)))
    return await askState(client, block, reads)
  } catch (error) {
    if (error instanceof RpcError) return null
    throw error
  }
}
