import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { isPlainAccount } from '../../evm/accountCode.ts'
import { nativeSymbol } from '../../evm/nativeSymbol.ts'
import type { Address } from '../../model/chain.ts'
import { defineDetector, type Memory } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { addressesOf } from '../addressesOf.ts'
import { addressShower } from '../showAddress.ts'
import { showTokens } from '../tokens/showTokens.ts'
import { nativeDecimals, type TokenLabel, tokenBook } from '../tokens/tokenBook.ts'
import { isTold, nothingFollowed, rememberedFollowing, type Step, withStep, withThieves } from './proceeds/following.ts'
import { stepsOf } from './proceeds/stepsOf.ts'

const followingKey = 'following'

const codeOf = (account: Address): Read => ({ kind: 'code', at: 'block', of: account })

/**
 * Follows the value that was taken: tells what whoever is behind an attack sends to whom, and goes on with the accounts that
 * got it.
 */
export const proceeds = defineDetector<Record<string, never>>({
  id: 'proceeds',
  title: 'Stolen value moves on',
  scenario:
    'What was taken goes on within minutes: to fresh accounts, into another token, over a bridge, into a mixer. Who is told of each step can have it held by an exchange, a bridge or the issuer of the token; who asks a day later cannot.',
  signal:
    'Whoever did what another monitor on the same contracts proves to be a loss, and pages for, is followed from the next block on for a week, and so are the keys that he pays, two steps far. Told at `info` is what they send to others by transactions of their own, in one alert for each theft; what goes back to a contract of the config is called that.',
  response:
    'Look up what is known of the payee. Where somebody runs it, or can freeze the token, call them with the hash of the transaction; where it is an account without a name, it is followed on.',
  knownLimits: [
    'What moves in the block of the theft itself is not told, nor coins that a contract of the thief pays inside a transaction.',
    'Over a bridge, in a mixer or in a pool the track ends: it names the contract, not who takes it out on the other side.',
    'Of a theft 40 steps are told, and then only those that are larger than all before; behind who pays others more than 20 times nobody is followed.',
    'Where another monitor was wrong about a loss, an honest user is followed; it is told at `info`, and wakes nobody.',
  ],
  severity: 'info',
  sign: { stage: 'laundering', restsOn: 'funds' },
  options: z.strictObject({}),
  when: 'none',
  needs: ['calldata', 'state'],

  compile({ targets, names, chain }) {
    const known = addressesOf([...names.values(), ...targets])
    const trusted = new Set<Address | 'native'>([...known, 'native'])
    const show = addressShower(names)
    const stepsIn = ({ block }: Pick<Observation, 'block'>, memory: Memory) =>
      stepsOf(block, rememberedFollowing(memory, followingKey)?.accounts ?? [], trusted)
    return {
      interests: [
        { kind: 'sign', about: targets.map(({ address }) => address) },
        { kind: 'tick', everyBlocks: 1 },
      ],
      notes: ['It follows what the other monitors on the same contracts find, and not those in shadow mode.'],

      reads: (view, memory) => {
        const book = tokenBook(memory)
        return stepsIn(view, memory).flatMap(({ sent }) => [
          ...sent.map(({ to }) => codeOf(to)),
          ...(sent[0]!.asset === 'native' ? [] : book.reads(sent[0]!.asset)),
        ])
      },

      detect(observation, memory) {
        const before = rememberedFollowing(memory, followingKey) ?? nothingFollowed
        const book = tokenBook(memory)
        const labelOf = (asset: Address | 'native'): TokenLabel =>
          asset === 'native'
            ? { symbol: nativeSymbol(chain.id), decimals: nativeDecimals }
            : (book.look(asset, observation) ?? { symbol: null, decimals: null })
        const isPlain = (account: Address) => {
          const code = observation.state(codeOf(account))
          return code.ok && isPlainAccount(code.data)
        }
        const claims: Claim[] = []
        let following = before
        for (const step of stepsIn(observation, memory)) {
          const theft = following.thefts.find(({ id }) => id === step.by.theft)
          if (!theft || !isTold(theft, step, trusted)) continue
          following = withStep(following, step, { isPlain: (to) => !known.has(to) && isPlain(to), trusted })
          claims.push({
            key: 'proceeds',
            transactionHash: step.transaction.hash,
            address: theft.address,
            title: titleOf(step, { of: theft.address, label: labelOf(step.sent[0]!.asset), show, known }),
            facts: factsOf(step, theft.title),
            evidence: 'soft',
            actors: [step.by.account],
            group: `proceeds ${theft.id}`,
          })
        }
        const signs = observation.signs ?? []
        following = withThieves(following, signs, { now: observation.block.timestamp, known })
        const remember = isDeepStrictEqual(following, before) ? {} : { [followingKey]: following }
        return { claims, memory: { ...book.changes(), ...remember } }
      },
    }
  },
})

function titleOf(
  { by, sent }: Step,
  {
    of,
    label,
    show,
    known,
  }: { of: Address; label: TokenLabel; show(address: Address): string; known: ReadonlySet<Address> },
): string {
  const { asset, standard, amount, to } = sent[0]!
  const what = showTokens({ amount, standard, token: asset, label, show })
  const who =
    by.hop === 0 ? `Whoever is behind the attack on ${show(of)}` : `Who was paid after the attack on ${show(of)}`
  const more = sent.length > 1 ? `, and ${sent.length - 1} more` : ''
  return known.has(to) ? `${who} gave ${what} back to ${show(to)}${more}` : `${who} sent ${what} to ${show(to)}${more}`
}

const factsOf = ({ by, transaction, sent }: Step, theft: string): Claim['facts'] => ({
  from: by.account,
  called: transaction.to,
  sent: sent.map(({ asset, to, amount }) => `${amount} base units of ${asset === 'native' ? 'coins' : asset} to ${to}`),
  hops: by.hop,
  after: theft,
})
