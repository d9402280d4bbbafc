import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { hasOpcode } from '../../evm/hasOpcode.ts'
import { zeroAddress } from '../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { defineDetector, type Memory } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Observation, Outcome } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { contractOption, resolveContract } from '../contractOption.ts'
import { reasonList } from '../reasonList.ts'
import { hexShape, remembered } from '../remembered.ts'
import { addressShower } from '../showAddress.ts'
import { planInterests, readsOfPlans } from '../timelocks/planOf.ts'
import { touchedOutcomes, touchInterests } from '../touched.ts'
import { announcedIn } from './unseenCode/announcedIn.ts'
import { type Run, runsIn } from './unseenCode/runsIn.ts'

const options = z.strictObject({
  traces: z
    .enum(['touching', 'all'])
    .default('touching')
    .describe(
      'Whose calls it looks at: `touching` those of the transactions that touch the contracts from outside or by a log, `all` those of every transaction, which is dear and what contracts without events need that others call.',
    ),
  known: z
    .array(contractOption)
    .max(100)
    .default([])
    .describe('Code that the contracts may run, such as a module that you deployed for them: it is no news.'),
  warmUp: z
    .int()
    .min(1)
    .max(100_000)
    .default(3)
    .describe(
      'After how many transactions in a row without new code it pages; twice as many as there is known code where that is more.',
    ),
})

/**
 * `known`: code that left something behind. `harmless`: code that did not, with who had it run. `quiet`: how many
 * transactions there were since there was news.
 */
const row = z.object({
  known: z.array(hexShape),
  harmless: z.array(z.tuple([hexShape, hexShape])),
  quiet: z.number(),
})
type Row = Readonly<z.output<typeof row>>
const rememberedRow = remembered(row)
const rowKey = ({ address }: Contract) => `code ${address}`
const recall = (memory: Memory, target: Contract): Row =>
  rememberedRow(memory, rowKey(target)) ?? { known: [], harmless: [], quiet: 0 }

const [knownMax, runsMax] = [128, 16]
/** A contract is open to the code of many where so many had some run; one alone shall not make it seem so. */
const openFrom = 3

type View = Omit<Observation, 'state'>

/**
 * Remembers whose code contracts run as themselves (DELEGATECALL), and speaks where one runs code that it never ran: that
 * is neither its implementation, nor linked with the code that runs it, nor announced by a timelock. Code that left nothing
 * behind in the storage and took or allowed nothing is learned and no news.
 */
export const unseenCode = defineDetector<z.output<typeof options>>({
  id: 'unseen-code',
  title: 'A contract runs code that it never ran',
  scenario:
    'A wallet, router or treasury that lends itself to the code of modules is made to run that of a thief: it writes what it likes into the storage, such as another owner, or takes what users allowed the contract to take.',
  signal:
    'In the call traces it looks at the delegatecalls that a contract makes, also deep inside code that it runs already. It pages where it runs code that is neither known, its implementation, linked into the code that runs it nor announced by a timelock, and that may have written to the storage, destroyed the contract, or took or allowed tokens of others; but only after `warmUp` transactions in a row without news. Other new code is learned in silence.',
  response:
    'Does anybody know the code in the facts? If not, pause, revoke what the contract may take of others, and compare its storage with what it was before: whatever the code wrote stays.',
  knownLimits: [
    "Until the warm-up is over everything is learned as known, a thief's code too.",
    'What known code is made to do, and what code that did no harm at first does later, is not seen.',
    'A wallet or router for whose new modules `known` was not kept up to date pages for an honest one.',
    'With `touching` it misses a run that another contract causes and of which no log tells.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'power' },
  options,
  when: 'none',
  needs: ['logs', 'state', 'traces'],

  compile(assignment) {
    const { targets, names, options } = assignment
    const addresses = targets.map(({ address }) => address)
    const allowed = new Set(options.known.map((text) => resolveContract(text, assignment).address))
    const holders = new Set(addresses)
    const show = addressShower(names)
    const fresh = (target: Contract, view: View, { known, harmless }: Row) => {
      const noNews = [...known, ...harmless.map(([code]) => code), ...allowed]
      const runs = touchedOutcomes(view).flatMap((outcome) => newRuns(outcome, target.address, noNews))
      const distinct = [...new Map(runs.toReversed().map((run) => [run.code, run])).values()].toReversed()
      return { runs: distinct.slice(0, runsMax), left: Math.max(0, distinct.length - runsMax) }
    }
    return {
      learns: true,
      interests: [...touchInterests(addresses, options.traces), ...planInterests(names)],
      notes: [`It is silent until ${options.warmUp} transactions in a row ran no code that it did not know.`],
      reads: (view, memory) => [
        ...readsOfPlans(holders, view),
        ...targets.flatMap((target) =>
          fresh(target, view, recall(memory, target)).runs.flatMap((run) => readsOf(target, run)),
        ),
      ],
      detect(observation, memory) {
        const claims: Claim[] = []
        const blind: string[] = []
        const remember: Record<string, Json> = {}
        for (const target of targets) {
          const before = recall(memory, target)
          const announced = announcedIn(target.address, { observation, names, holders })
          const { runs, left } = fresh(target, observation, before)
          if (left > 0) blind.push(`${left} more addresses whose code ${target.name} ran in one block were not judged.`)
          const news = runs
            .filter(({ code }) => !announced.includes(code))
            .flatMap((run) => {
              const judged = isItsOwn(target, run, observation)
              if (judged === null) blind.push(`Whose code ${target.name} runs by rights could not be read.`)
              return judged === false ? [run] : []
            })
          const grave = news.filter((run) => isGrave(run, observation))
          const isWarm = before.quiet >= quietFrom(before, options.warmUp)
          if (isWarm) claims.push(...grave.map((run) => claimRun(target, run, { show, observation })))
          const known = [...new Set([...before.known, ...announced, ...grave.map(({ code }) => code)])].slice(-knownMax)
          const harmless = [
            ...before.harmless,
            ...news.flatMap((run): Row['harmless'] =>
              grave.includes(run) ? [] : [[run.code, senderOf(run, observation)]],
            ),
          ].slice(-knownMax)
          const isNews = grave.length > 0 || (news.length > 0 && isOpen({ harmless }))
          const after = { known, harmless, quiet: isNews ? 0 : before.quiet + ranIn(target, observation) }
          const next = { ...after, quiet: Math.min(after.quiet, quietFrom(after, options.warmUp)) }
          if (!isDeepStrictEqual(next, before)) remember[rowKey(target)] = next
        }
        return { claims, blind: reasonList(blind), memory: remember }
      },
    }
  },
})

const isOpen = ({ harmless }: Pick<Row, 'harmless'>): boolean =>
  new Set(harmless.map(([, who]) => who)).size >= openFrom

const quietFrom = (row: Row, warmUp: number): number =>
  Math.max(warmUp, 2 * (row.known.length + (isOpen(row) ? row.harmless.length : 0)))

const senderOf = ({ transaction }: Run, { block }: Observation): Address =>
  block.transactions[transaction]?.from ?? zeroAddress

const newRuns = ({ receipt, calls }: Outcome, of: Address, known: readonly Hex[]): Run[] =>
  receipt?.status === 'reverted' ? [] : runsIn(calls ?? [], of).filter(({ code }) => !known.includes(code))

/** Transactions in which a contract did something. */
const ranIn = ({ address }: Contract, view: View): number =>
  touchedOutcomes(view).filter(
    ({ receipt, calls }) =>
      receipt?.status !== 'reverted' && calls?.some(({ to, reverted }) => to === address && !reverted),
  ).length

const [before, after] = (['parent', 'block'] as const).map(
  (at) =>
    (of: Address): Read => ({ at, kind: 'implementation', of }),
) as [(of: Address) => Read, (of: Address) => Read]
const codeOf = (of: Address): Read => ({ at: 'block', kind: 'code', of })

const readsOf = ({ address }: Contract, { by, code }: Run): Read[] => [
  before(address),
  after(address),
  codeOf(by),
  codeOf(code),
]

/** Whether it is what stands behind a proxy, or stands in the code that ran it. Null: nobody could tell. */
function isItsOwn({ address }: Contract, { code, by }: Run, { state }: Observation): boolean | null {
  const answers = [before(address), after(address), codeOf(by)].map(state)
  const found = answers.map((answer) => answer.ok && answer.data.includes(code.slice(2)))
  if (found.includes(true)) return true
  return answers.every(({ ok }) => ok) ? false : null
}

/** SSTORE. */
const writes = new Set([0x55])

/** Whether what ran may have written into the storage, or seized something. */
function isGrave({ code, mayWrite, seized }: Run, { state }: Observation): boolean {
  const answer = state(codeOf(code))
  return seized !== null || (mayWrite && (!answer.ok || hasOpcode(answer.data, writes)))
}

function claimRun(
  { address, name }: Contract,
  run: Run,
  { show, observation }: { show(address: Address): string; observation: Observation },
): Claim {
  const { code, seized, transaction: index } = run
  const transaction = observation.block.transactions[index]
  return {
    key: `code ${address} ${code}`,
    ...(transaction && { transactionHash: transaction.hash }),
    address,
    title: `${name} ran code of ${show(code)} as itself, which it never did before`,
    facts: { code, sender: transaction?.from ?? null, calledContract: transaction?.to ?? null, seized },
    evidence: 'hard',
    confidence: 'high',
    actors: [code, ...(transaction ? [transaction.from] : [])],
    group: `code ${address}`,
  }
}
