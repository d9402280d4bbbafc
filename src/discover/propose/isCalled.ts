/** `WETH` is called `ETH`, and `USDC`, `USDT` and `dUSD` `USD`. */
export function isCalled(symbol: string | null, name: string): boolean {
  const [given, wanted] = [(symbol ?? '').toLowerCase(), name.toLowerCase()]
  if (given === wanted || given === `w${wanted}`) return true
  return wanted === 'usd' && (given.includes('usd') || given === 'dai')
}
