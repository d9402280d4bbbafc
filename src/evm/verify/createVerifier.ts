import type { Hex } from '../../model/chain.ts'
import type { Verified } from '../../model/status.ts'
import { asList, asObject, type Raw, shown } from '../parseHex.ts'
import { hashAside } from './hashAside.ts'
import { hashDigits } from './hashDigits.ts'
import { headerHash, isStrange } from './headerHash.ts'
import { receiptBytes } from './receiptBytes.ts'
import type { Digits } from './rlp.ts'
import { transactionBytes } from './transactionBytes.ts'

/** What of a block is proved by a hash that stands elsewhere: its header, its transactions, its receipts with their logs. */
export type Aspect = keyof Verified

/** `certain`: on this chain it proves a lie. Otherwise it may be that this chain hashes differently. */
export type Flaw = { aspect: Aspect; message: string; certain: boolean }

/** `unproved`: taken on trust, as it cannot be proved on this chain. */
export type Verdict = 'proved' | 'unproved' | Flaw

/**
 * Recomputes the hashes that a block must agree with, and learns by that what can be proved on this chain. What was
 * proved once must be right from then on.
 */
export type Verifier = {
  /** The header against the hash that it is given under. */
  header(raw: Raw): Verdict
  /** The header, then the transactions against their root and against the hashes that they are given under. */
  block(raw: Raw): Promise<Verdict>
  /** Receipts against the root that the header of their block gives. */
  receipts(raw: unknown, root: Hex | undefined): Promise<Verdict>
  /**
   * Nobody gave an answer without this flaw.
   * @returns True: then it is taken as it is, and this counts as *unverified*. False: never, as nothing of a block holds
   *   whose header is another's.
   */
  concede(flaw: Flaw): boolean
  status(): Verified
}

/** `auto`: what can be proved on this chain is learnt from its blocks. */
export type VerifyMode = 'auto' | 'always' | 'never'

type Outcome = 'proved' | 'contradicted' | 'unknowable'

const listMax = 100_000

/** `headerFields` names the fields that this chain appends to its headers, in the order in which it hashes them. */
type VerifierOptions = { mode?: VerifyMode; headerFields?: readonly string[] }

export function createVerifier({ mode = 'auto', headerFields = [] }: VerifierOptions = {}): Verifier {
  const verified: Verified = { header: null, transactions: null, receipts: null }
  const mustHold = new Set<Aspect>(mode === 'always' ? ['header', 'transactions', 'receipts'] : [])
  const hopeless = new Set<Aspect>()

  function judge(aspect: Aspect, outcome: Outcome, message: string): Verdict {
    if (outcome === 'proved') {
      mustHold.add(aspect)
      hopeless.delete(aspect)
      verified[aspect] = true
      return 'proved'
    }
    if (hopeless.has(aspect)) return 'unproved'
    return { aspect, message, certain: mustHold.has(aspect) && outcome === 'contradicted' }
  }

  function header(raw: Raw): Verdict {
    const hash = headerHash(raw, headerFields)
    // A header without a field that headers have hides something; one with more than we know may be of a new fork.
    const plain = hash === null ? 'contradicted' : matches(hash, raw.hash)
    const outcome = plain === 'contradicted' && isStrange(raw, headerFields) ? 'unknowable' : plain
    return judge('header', outcome, `the header of block ${where(raw)} does not give its hash ${shown(raw.hash)}`)
  }

  async function transactions(raw: Raw): Promise<Verdict> {
    const list = asList(raw.transactions, 'the transactions of a block', listMax).map((item) => asObject(item, 'one'))
    // Where they were never proved, the first shows as a rule that they are not now, and saves hashing the others.
    if (hopeless.has('transactions') && !list.slice(0, 1).every(isGenuine)) return 'unproved'
    const values = list.map(transactionBytes)
    const hashes = isWhole(values) ? await hashAside({ values, wantsEach: true }) : null
    const outcome =
      hashes === null
        ? 'unknowable'
        : hashes.each.every((hash, index) => matches(hash, list[index]!.hash) === 'proved')
          ? matches(hashes.root, raw.transactionsRoot)
          : 'contradicted'
    return judge('transactions', outcome, `the transactions of block ${where(raw)} do not give the root in its header`)
  }

  return {
    header: (raw) => (mode === 'never' ? 'unproved' : header(raw)),
    async block(raw) {
      if (mode === 'never') return 'unproved'
      const own = header(raw)
      return isFlaw(own) ? own : transactions(raw)
    },
    async receipts(raw, root) {
      if (mode === 'never') return 'unproved'
      const list = asList(raw, 'the receipts of a block', listMax).map((item) => asObject(item, 'a receipt'))
      const values = list.map(receiptBytes)
      const outcome =
        root !== undefined && isWhole(values)
          ? matches((await hashAside({ values, wantsEach: false })).root, root)
          : 'unknowable'
      return judge('receipts', outcome, `the receipts of block ${where(list[0])} do not give the root in its header`)
    },
    concede({ aspect, certain }) {
      if (certain && aspect === 'header') return false
      verified[aspect] = false
      if (!mustHold.has(aspect)) hopeless.add(aspect)
      return true
    },
    status: () => (mode === 'never' ? { header: false, transactions: false, receipts: false } : { ...verified }),
  }
}

export const isFlaw = (verdict: Verdict): verdict is Flaw => typeof verdict === 'object'

/** Whether all of them are of a kind that we can hash. */
const isWhole = (values: readonly (Digits | null)[]): values is Digits[] => !values.includes(null)

/** Whether a transaction has the hash that it is given under. */
function isGenuine(raw: Raw): boolean {
  const bytes = transactionBytes(raw)
  return bytes !== null && matches(hashDigits(bytes), raw.hash) === 'proved'
}

function matches(hash: Digits, given: unknown): Outcome {
  return typeof given === 'string' && given.toLowerCase() === `0x${hash}` ? 'proved' : 'contradicted'
}

function where(raw: Raw | undefined): string {
  const number = raw?.number ?? raw?.blockNumber
  return typeof number === 'string' ? String(Number(number)) : shown(number)
}
