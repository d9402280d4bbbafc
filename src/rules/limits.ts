/** What a rule may cost, whoever wrote it and whatever the chain puts into it. */
export const limits = {
  /** Characters of a rule. */
  source: 4096,
  /** Depth of brackets, signs and calls within each other. */
  depth: 64,
  /** Parts that a rule consists of: every literal, name, operator and call is one. */
  nodes: 1000,
  /** Characters of the pattern of `matches`. */
  pattern: 256,
  /** Bits of an integer; a result beyond makes the condition undecidable. */
  bits: 4096,
  /** Characters of a string that is searched, matched or lower-cased; a longer one makes the condition undecidable. */
  text: 16_384,
} as const
