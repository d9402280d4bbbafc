import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { isPlainAccount } from '../../evm/accountCode.ts'
import { transferTopics } from '../../evm/ledger/tokenTransfers.ts'
import type { Address, Log } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { defineDetector } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Read, ReadResult } from '../../model/read.ts'
import { addressesOf } from '../addressesOf.ts'
import { allowList, allowListOption, allowListWords } from '../allowList.ts'
import { remembered } from '../remembered.ts'
import { addressShower } from '../showAddress.ts'
import { allowancesIn, allowanceTopics } from './allowancesIn.ts'
import { rememberedSpenders, type Spender, trim, windowSeconds, withApproval } from './approvalBurst/spenders.ts'
import { takingsOf } from './approvalBurst/takingsOf.ts'

const options = z.strictObject({
  owners: z.int().min(2).max(20).default(5).describe('So many owners that allow the same new spender within a day.'),
  robbed: z
    .int()
    .min(1)
    .max(20)
    .default(3)
    .describe('So many owners of whom a new spender takes without their doing, for nothing.'),
  spenders: allowListOption(1000).describe(
    `Spenders that you know, such as routers. Contracts of the config are known. ${allowListWords}`,
  ),
})

const keyOf = ({ address }: Contract) => `spenders ${address}`
const sinceKey = 'since'
const rememberedSince = remembered(z.number())

/**
 * Speaks where many owners of a token allow the same new spender to take it within a day: gravely where that is a plain
 * account, which no honest page asks for, or where it then takes from several of them in transactions that they did not
 * send and that gave them nothing. A spender that is a contract is only told of, and only once what is usual is known.
 */
export const approvalBurst = defineDetector<z.output<typeof options>>({
  id: 'approval-burst',
  title: 'Many holders allow one stranger to take their tokens',
  scenario:
    'Somebody has changed the page, or put up one that looks like it. Each visitor signs that a stranger may take their tokens, and days later the stranger takes them all at once.',
  signal:
    'Of a watched token it counts who allows whom. `owners` that allow the same unknown spender within a day are `high` where he is a plain account, `medium` where he is a contract that nobody used on the first day; `robbed` owners out of whom he takes within a day, in transactions that they did not send and for nothing, are `high`.',
  response:
    'Take the page down and look at what it asks visitors to sign. Tell users to revoke what they gave this spender, and where the token can, freeze the spender.',
  knownLimits: [
    'One rich victim is none of many; it needs `owners` or `robbed` of them within a day.',
    'Phishing by a contract stays at `medium` until it takes.',
    'Only tokens under `on` are counted, not what users sign elsewhere by Permit2.',
    'A new router of yours that is not under `spenders` is told at `medium` when users come; one that pulls from users by signatures, and pays them elsewhere, pages.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'approvals' },
  options,
  when: 'none',
  needs: ['logs', 'state'],

  compile(assignment) {
    const { options: limits, targets, names } = assignment
    const list = allowList(limits.spenders, assignment, addressesOf([...names.values(), ...targets]))
    const show = addressShower(names)
    return {
      interests: [
        {
          kind: 'log',
          addresses: targets.map(({ address }) => address),
          topics: [...allowanceTopics, ...transferTopics],
        },
      ],

      reads(view) {
        const spenders = new Set(allowancesIn(view.logs, list.certain(view)).map(({ spender }) => spender))
        return [...list.reads(view), ...[...spenders].slice(0, readsMax).map(codeRead)]
      },

      detect(observation, memory) {
        const claims: Claim[] = []
        const { allowed: known, blind: unread } = list.at(observation)
        const blind = new Set<string>(unread)
        const { timestamp: time } = observation.block
        const since = rememberedSince(memory, sinceKey) ?? time
        const remember: Record<string, Json> = memory.get(sinceKey) === undefined ? { [sinceKey]: time } : {}
        for (const target of targets) {
          const before = rememberedSpenders(memory, keyOf(target)) ?? []
          const approvals = allowancesIn(observation.logs, known).filter(({ log }) => log.address === target.address)
          let spenders = trim(before, time)
          for (const { spender, owner } of approvals) spenders = withApproval(spenders, spender, owner, time)
          spenders = takingsOf(observation, target.address, trim(spenders, time))
          const judged = spenders.map((spender) => {
            const last = approvals.findLast((each) => each.spender === spender.address)
            const code = last && observation.state(codeRead(spender.address))
            if (code && !code.ok) blind.add(`The code of a spender could not be read: ${code.reason}`)
            const kind = newsOf(spender, { code, limits, isNew: spender.since > since + windowSeconds })
            if (!kind) return spender
            claims.push(claimSpender({ kind, isAccount: isAccount(code), spender, target, log: last?.log, show }))
            return { ...spender, told: [...(spender.told ?? []), kind] }
          })
          if (!isDeepStrictEqual(before, judged)) remember[keyOf(target)] = judged
        }
        return { claims, blind: [...blind], memory: remember }
      },
    }
  },
})

/** Spenders of one block whose code is read. */
const readsMax = 64
const codeRead = (of: Address): Read => ({ kind: 'code', at: 'block', of })

type Kind = 'many' | 'taken'

const isAccount = (code: ReadResult | undefined): boolean => code?.ok === true && isPlainAccount(code.data)

/** @param code Of the spender; undefined: nobody allowed it anything in this block. */
function newsOf(
  { robbed, owners, told = [] }: Spender,
  { code, limits, isNew }: { code: ReadResult | undefined; limits: z.output<typeof options>; isNew: boolean },
): Kind | null {
  if (robbed.length >= limits.robbed) return told.includes('taken') ? null : 'taken'
  const isOdd = code !== undefined && (isAccount(code) || isNew)
  return owners.length >= limits.owners && told.length === 0 && isOdd ? 'many' : null
}

function claimSpender({
  kind,
  isAccount,
  spender: { address, owners, robbed },
  target,
  log,
  show,
}: {
  kind: Kind
  isAccount: boolean
  spender: Spender
  target: Contract
  log: Log | undefined
  show(address: Address): string
}): Claim {
  const who = `${show(address)}${isAccount ? ', a plain account,' : ''}`
  const many = `${owners.length} owners of ${target.name} allowed ${who} within a day to take their tokens`
  const taken = `${who} took tokens of ${target.name} from ${robbed.length} owners who had allowed it within a day, in transactions that they did not send`
  return {
    key: `approvals ${address} ${kind}`,
    ...(log ? { transactionHash: log.transactionHash, logIndex: log.logIndex } : { subject: `spender ${address}` }),
    address: target.address,
    title: kind === 'many' ? many : taken,
    facts: { spender: address, isAccount, owners: owners.length, robbed: robbed.length },
    evidence: kind === 'taken' ? 'hard' : 'soft',
    severity: kind === 'taken' || isAccount ? 'high' : 'medium',
    actors: [address],
    group: `approvals ${target.address} ${address}`,
  }
}
