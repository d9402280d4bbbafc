import type { Deed } from '../../calls/knownFunctions.ts'

/** Characters of a description that are looked at. */
const textMax = 16_384

/** Words with which people speak of what a proposal does, in English. */
const words: Record<Deed['kind'], RegExp> = {
  upgrade: /upgrad|implementation|version|\bv ?\d|migrat|deploy|proxy|replace/i,
  power:
    /\brole|owner|admin|guardian|permission|access|authori|control|govern|signer|minter|module|multisig|\bkey|operator|strategist|manager|curator|council|committee|steward|pauser|appoint|nominat|\belect|revok/i,
  rules: /delay|quorum|threshold|period|timelock|voting|govern/i,
  money:
    /transfer|\bpay|grant|fund|send|treasury|budget|token|mint|compensat|reward|reimburs|incentiv|allowance|approv|stream|salar|\beth\b|usd|\bdai\b|\$/i,
}

/** Whether a description speaks of such a thing at all. */
export const mentions = (description: string, kind: Deed['kind']) => words[kind].test(description.slice(0, textMax))
