/**
 * How Node manages memory for Tocsin: less room for what was made just now than V8 takes by itself, which where blocks are
 * read in bulk is up to 100 MB that small servers do not have. No time is lost by it (`npm run bench -- memory replay`);
 * a lower `--heap-growing-percent` would save as much, but slows a replay by a tenth.
 */
export const nodeFlags = ['--max-semi-space-size=24']
