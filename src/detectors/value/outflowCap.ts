import { topicOf } from '../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex, Transaction } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { type Assignment, defineDetector, type Interest } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import { priceBook } from '../prices/priceBook.ts'
import { readExecTransaction } from '../safe/safeExecution/safeTransaction.ts'
import { addressShower } from '../showAddress.ts'
import { tokenBook } from '../tokens/tokenBook.ts'
import { isToken, resolveToken } from '../tokens/tokenOption.ts'
import { transactionsTouching } from '../transactionsTouching.ts'
import { flowInterests } from './holderInterests.ts'
import { nativeFlow } from './nativeFlow.ts'
import { type Flow, flowKey, tokenFlows } from './outflowCap/blockFlows.ts'
import { fileLedgers, habitsIn } from './outflowCap/fileLedgers.ts'
import { type Judging, judgeFlow, type NativeHeld, readsOfFlow } from './outflowCap/judgeFlows.ts'
import { readsOfPaidHolders } from './outflowCap/keptCoins.ts'
import { readsOfKept } from './outflowCap/keptLegs.ts'
import type { Ledger } from './outflowCap/ledger.ts'
import type { Leg } from './outflowCap/leg.ts'
import { capsOf, limitsOf, type OutflowCapOptions, outflowCapOptions } from './outflowCap/options.ts'
import { nextSiblings, readsOfMade, setupTopic, siblingsIn, siblingsKey } from './outflowCap/siblingSafes.ts'
import { readsOfWrapped } from './outflowCap/wrapped.ts'

type Plan = Pick<
  Judging,
  'prices' | 'caps' | 'leastUsd' | 'inWindows' | 'net' | 'chainId' | 'trusted' | 'namesTokens'
> & {
  interests: Interest[]
  /** Only this token; undefined: all. */
  only: Address | 'native' | undefined
  /** By their address as a topic. */
  accounts: ReadonlyMap<Hex, Contract>
  /** Accounts whose native value is judged. */
  native: readonly Contract[]
  /** Those whose signers may make another. */
  safes: readonly Contract[]
  /** Contracts of the config. */
  own: ReadonlyMap<Address, Contract>
}

/** How often windows are looked at in which nothing moves any more, so that an alert ends. */
const closeEveryBlocks = 10
/** Safes whose siblings are looked for. */
const safesMax = 8

/**
 * Adds up what leaves an account, per token, and speaks when a cap is reached; again whenever twice as much has left, or
 * after the sum has fallen below half of the cap. What comes back within the same transaction, as a flash loan does, has
 * not left.
 */
export const outflowCap = defineDetector<OutflowCapOptions>({
  id: 'outflow-cap',
  title: 'Too much leaves within minutes, hours or a day',
  scenario:
    'A vault is drained in many withdrawals, each of them small enough to look like use: only their sum within minutes or hours shows that it is being emptied.',
  signal:
    'What leaves an account is added up for each asset over each time under `windows` (or `window`; without any 5 % in a block, 10 % in 5m, 20 % in 1h, 35 % in 24h), less what came back within the same transaction, with `net` also what came in after the most that was held. It pages when a sum reaches its `percent` or `amount`, when twice as much has left, and again after it had fallen below half. `medium`: what goes to a protected Safe or timelock, to one that owned the payer and still has it after the block, or to a new Safe of the same signers; a token that the config does not name, where it names any; what comes back as shares or wrapped coins, less than `leastUsd`, and what a Safe or plain account pays to whom it has paid twice before, as long as half is not gone.',
  response:
    'Look at the biggest recipients. If they are no users whom you know, pause withdrawals now: what is still there is what you can save. If it is a run of honest users, find out what they know.',
  knownLimits: [
    'A theft below the caps is not seen; `unusual-outflow` learns a lower one, and `own-loss` needs none.',
    'Large honest withdrawals, a migration or a run of users page, as only their sum is known here.',
    'A swap counts as gone, whatever came for it, and so does a first payment to a stranger.',
    'Whom a Safe or plain account paid twice before, a hundredth of it or more, gets up to half at `medium`.',
    'What is owed inside a protocol, and never moves as a token, does not leave.',
    'Of coins only the net of a block is known, and who got them only where one transaction touched the account.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'value' },
  options: outflowCapOptions,
  when: 'none',
  needs: ['logs', 'state'],

  compile(assignment) {
    const plan = planOf(assignment)
    const show = addressShower(assignment.names)
    return {
      limits: limitsOf(assignment.options),
      learns: habitsIn,
      interests: plan.interests,

      reads(observation, memory) {
        const book = tokenBook(memory)
        // Whether coins left is known only by what is read along with their price.
        const coins = plan.native.length > 0 ? plan.prices.reads('native') : []
        const { flows } = tokenFlows(observation, plan)
        const keeping = { own: plan.own, siblings: siblingsIn(memory), flows }
        return [
          ...coins,
          ...readsOfMade(plan.safes, observation),
          ...readsOfWrapped(plan.native, observation),
          ...readsOfPaidHolders(plan.native, plan.own, observation),
          ...flows.flatMap((flow) => [
            ...readsOfFlow(flow, { book, prices: plan.prices }),
            ...readsOfKept(flow, keeping),
          ]),
        ]
      },

      detect(observation, memory) {
        const book = tokenBook(memory)
        const claims: Claim[] = []
        const grown: Judging['grown'] = []
        const { flows, unread } = tokenFlows(observation, plan)
        const blind = new Set(unread)
        const siblings = siblingsIn(memory)
        const keeping = { own: plan.own, siblings, flows }
        const judging = { ...plan, ...{ observation, memory, book, show, claims, grown, blind, keeping } }
        const ledgers = new Map<string, Ledger>()
        // Those that nobody can make up come first: a flood of others must not push them out.
        for (const [flow, held] of [...nativeFlows(judging), ...flows.map((flow) => [flow, null] as const)]) {
          const ledger = judgeFlow(judging, flow, held)
          if (ledger) ledgers.set(flowKey(flow), ledger)
        }
        const strangers = flows.filter(({ token, id }) => id !== undefined || !plan.trusted.has(token)).map(flowKey)
        const filed = fileLedgers({ ...judging, block: observation.block, ledgers, strangers })
        const { cleared } = filed
        const next = nextSiblings(siblings, plan.safes, observation)
        const remember = {
          ...filed.memory,
          ...book.changes(),
          ...(next.length > siblings.length && { [siblingsKey]: [...next] }),
        }
        return { claims, cleared, grown, blind: [...blind], memory: remember }
      },
    }
  },
})

function planOf(assignment: Assignment<OutflowCapOptions>): Plan {
  const { options, targets, names, chain } = assignment
  const only = resolveToken(options.token, assignment)
  const trusted = new Set<Address | 'native'>([...names.values(), ...targets].map(({ address }) => address))
  const native = only === undefined || only === 'native' ? targets : []
  const safes = targets.filter(({ kind }) => kind === 'safe').slice(0, safesMax)
  return {
    interests: [
      ...flowInterests(
        targets.map(({ address }) => address),
        { only, known: new Set([...names.values(), ...targets]) },
      ),
      { kind: 'tick', everyBlocks: closeEveryBlocks },
      ...(safes.length > 0 ? [{ kind: 'log' as const, topics: [setupTopic] }] : []),
    ],
    safes,
    own: new Map([...names.values(), ...targets].map((each) => [each.address, each])),
    prices: priceBook(assignment),
    caps: capsOf(options),
    leastUsd: options.leastUsd,
    inWindows: 'windows' in limitsOf(options),
    net: options.net,
    chainId: chain.id,
    only,
    accounts: new Map(targets.map((target) => [topicOf(target.address), target])),
    native,
    trusted: trusted.add('native').add(only ?? 'native'),
    namesTokens: [...names.values()].some(isToken),
  }
}

/** Whom a Safe was made to pay just as much as left it. */
function signedPayee({ to, input }: Transaction, safe: Address, amount: bigint): Address | null {
  const signed = to === safe ? readExecTransaction(input) : null
  return signed && signed.operation === 0n && signed.value === amount ? signed.to : null
}

/** The flow of native value of each account, told from its balance. */
function nativeFlows({
  native,
  observation,
  blind,
}: Plan & Pick<Judging, 'observation' | 'blind'>): [Flow, NativeHeld][] {
  return native.flatMap((account): [Flow, NativeHeld][] => {
    const moved = nativeFlow(observation, account.address)
    if ('blind' in moved) {
      blind.add(`The native balance of ${account.name} could not be read: ${moved.blind}`)
      return []
    }
    const suspects = transactionsTouching(observation, account.address)
    const only = suspects.length === 1 ? suspects[0] : undefined
    // What one transaction brought and took at once, as a bid that pays back the one before it, has not left.
    const brought = only?.to === account.address && only.from !== only.to ? only.value : 0n
    const flow = { in: moved.in, out: moved.out > brought ? moved.out - brought : 0n }
    if (flow.out === 0n && flow.in === 0n) return []
    const transactionHash = only?.hash ?? null
    const legs = (['out', 'in'] as const).flatMap((way): Leg[] => {
      const end = way === 'out' ? only?.to : only?.from
      const named = end && end !== account.address && only?.value === flow[way] ? end : null
      const other = named ?? (only && way === 'out' ? signedPayee(only, account.address, flow.out) : null)
      return flow[way] > 0n ? [{ way, amount: flow[way], other, transactionHash }] : []
    })
    return [[{ account, token: 'native', standard: 'native', legs }, moved]]
  })
}
