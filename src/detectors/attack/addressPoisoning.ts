import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { endsOf, topicOf, transferTopics } from '../../evm/ledger/tokenTransfers.ts'
import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { defineDetector } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import { hexShape, remembered } from '../remembered.ts'
import { addressShower } from '../showAddress.ts'

const options = z.strictObject({
  days: z.int().min(1).max(365).default(30).describe('For how many days whoever was paid is remembered.'),
})

/** What the account had to do with in one block, in the order of the block. */
type Dealing = { other: Address; way: 'out' | 'in'; isPayment: boolean; hash: `0x${string}`; logIndex?: number }
type Known = [address: Address, time: number][]
const rememberedPaid = remembered(z.array(z.tuple([hexShape, z.number()])))
const rememberedFakes = remembered(z.array(hexShape))

const paidMax = 128
const fakesMax = 64
const paidKey = ({ address }: Contract) => `paid ${address}`
const fakesKey = ({ address }: Contract) => `fakes ${address}`

/** Look-alikes are made to have the same ends: that is all that most programs show. */
const digits = 4
const endsKey = (address: Address): string => address.slice(2, 2 + digits) + address.slice(-digits)

/**
 * Speaks where an address that looks like one that the account has paid turns up in its history, which costs its maker
 * next to nothing, and pages where the account pays it.
 */
export const addressPoisoning = defineDetector<z.output<typeof options>>({
  id: 'address-poisoning',
  title: 'An address that looks like one that was paid',
  scenario:
    'Somebody makes an address with the same first and last digits as one that the treasury pays each month, and sends it nothing. Next month whoever pays copies the address from the history, and takes the wrong one.',
  signal:
    'It remembers for `days` whom an account pays. Another address with the same four digits at both ends that sends something, or is named as paid, is told once at `low`; a payment of the account to it is `high`.',
  response:
    'If a payment went out, ask whoever made it where the address came from, and ask the issuer of the token to freeze it. Pay from an address book, never from the history.',
  knownLimits: [
    'A payment is told when it is made, not before; what helps before is the warning at `low`.',
    'Of an account that was never paid, or longer ago than `days`, nothing looks like it.',
    'Look-alikes that share fewer than four digits at one end are not compared.',
    'Coins that a Safe pays inside a transaction are not seen.',
  ],
  severity: 'high',
  options,
  when: 'none',
  needs: ['logs', 'calldata'],

  compile({ options: { days }, targets, names }) {
    const addresses = targets.map(({ address }) => address)
    const tokens = new Set([...names.values()].map(({ address }) => address))
    const show = addressShower(names)
    return {
      learns: true,
      interests: [
        { kind: 'log', accounts: addresses, topics: transferTopics },
        { kind: 'transaction', touching: addresses },
      ],
      notes: ['Whom an account has paid it learns from now on; payments of coins by a Safe it does not see.'],

      detect(observation, memory) {
        const claims: Claim[] = []
        const remember: Record<string, Json> = {}
        const { timestamp: time } = observation.block
        for (const target of targets) {
          const before = rememberedPaid(memory, paidKey(target)) ?? []
          const fakes = rememberedFakes(memory, fakesKey(target)) ?? []
          let paid = before.filter(([, at]) => at > time - days * 86_400)
          const told = [...fakes]
          // Of a batch no line was copied from another: what it pays is known from the next transaction on.
          let [earlier, current] = [paid, '']
          for (const dealing of dealingsOf(observation, target.address, tokens)) {
            const { other, isPayment, hash } = dealing
            if (hash !== current) [earlier, current] = [paid, hash]
            const isKnown = earlier.some(([each]) => each === other)
            const twin = isKnown ? undefined : earlier.find(([each]) => endsKey(each) === endsKey(other))?.[0]
            if (twin === undefined) {
              if (isPayment)
                paid = [...paid.filter(([each]) => each !== other), [other, time] as Known[number]].slice(-paidMax)
            } else if (isPayment || !told.includes(other)) {
              claims.push(claimLookAlike(dealing, { target, twin, show }))
              if (!told.includes(other)) told.push(other)
            }
          }
          if (!isDeepStrictEqual(before, paid)) remember[paidKey(target)] = paid
          if (told.length > fakes.length) remember[fakesKey(target)] = told.slice(-fakesMax)
        }
        return { claims, memory: remember }
      },
    }
  },
})

/**
 * @param tokens Known ones: what they tell is so. Others may tell of payments that the account never made, which is
 *   believed only in a transaction that the account itself sent or ran.
 */
function dealingsOf({ block, logs, outcomes }: Observation, account: Address, tokens: ReadonlySet<Address>): Dealing[] {
  const topic = topicOf(account)
  const byLogs = logs.flatMap((log): Dealing[] => {
    const ends = endsOf(log)
    if (!ends || (ends.from !== topic && ends.to !== topic) || ends.from === ends.to) return []
    const isOut = ends.from === topic
    const { from, to } = block.transactions[log.transactionIndex]!
    const isOwn = from === account || to === account || tokens.has(log.address)
    const isNothing = /^0x0*$/.test(log.data) && log.topics.length < 4
    const other: Address = `0x${(isOut ? ends.to : ends.from).slice(26)}`
    const { transactionHash: hash, logIndex } = log
    return [{ other, way: isOut ? 'out' : 'in', isPayment: isOut && isOwn && !isNothing, hash, logIndex }]
  })
  const byCoins = outcomes.flatMap(({ transaction: { from, to, value, hash }, receipt }): Dealing[] => {
    if (to === null || from === to || receipt?.status === 'reverted') return []
    if (from === account) return value > 0n ? [{ other: to, way: 'out', isPayment: true, hash }] : []
    return to === account ? [{ other: from, way: 'in', isPayment: false, hash }] : []
  })
  return [...byLogs, ...byCoins].filter(({ other }) => !/^0x0+$/.test(other))
}

function claimLookAlike(
  { other, way, isPayment, hash, logIndex }: Dealing,
  { target: { name, address }, twin, show }: { target: Contract; twin: Address; show(address: Address): string },
): Claim {
  const turned = way === 'out' ? 'was named as paid by' : 'sent something to'
  return {
    key: `look-alike ${other} ${isPayment ? `paid ${logIndex === undefined ? 'coins' : 'tokens'}` : 'seen'}`,
    transactionHash: hash,
    ...(logIndex !== undefined && { logIndex }),
    address,
    title: isPayment
      ? `${name} paid ${other}, which only looks like ${twin}, paid before`
      : `${show(other)} ${turned} ${name} and looks like ${show(twin)}, paid before, but is another address`,
    facts: { lookAlike: other, paidBefore: twin },
    evidence: isPayment ? 'hard' : 'soft',
    severity: isPayment ? 'high' : 'low',
    group: `look-alike ${address} ${other}`,
  }
}
