/**
 * How Node manages memory for Tocsin, where blocks are read in bulk: less room for what was made just now than V8 takes
 * by itself, up to 100 MB that small servers do not have, and old garbage collected when it is twice what lives instead of
 * thrice, 30 MB more. Neither costs time that could be told from noise (`npm run bench -- memory replay`); a growing
 * percent of 100 would save another 30 MB, but slows a replay by a tenth.
 */
export const nodeFlags = ['--max-semi-space-size=24', '--heap-growing-percent=200']
