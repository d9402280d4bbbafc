import { type Hex, maxUint256 } from 'viem'
import { readArtifact } from '../../artifact.ts'
import type { Bound } from '../../send.ts'
import { dollars } from '../acmeVault.ts'
import type { Stage } from '../stage.ts'
import { coins } from './keptMarket.ts'

export type BoardMarket = {
  lender: Bound
  board: Bound
  coin: Bound
  users: readonly Hex[]
  thief: Hex
  /** The keeper writes down the price of a coin. */
  quote(price: string): Promise<Hex>
  borrow(account: Hex, pledged: string, borrowed: string): Promise<void>
  /** Some hours of prices around ten dollars, and of loans. */
  use(): Promise<void>
}

/** A lender of a million dollars at the prices of a board that only its code names, and that answers in words of its own. */
export async function boardMarket({ deploy, call, skip, accounts }: Stage): Promise<BoardMarket> {
  const [deployer, keeper, , , ...others] = accounts as [Hex, Hex, Hex, Hex, ...Hex[]]
  const users = others.slice(0, 4)
  const thief = accounts[20]!
  const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
  const coin = await deploy(readArtifact('AcmeToken'), { args: [deployer, coins('10000000')] })
  const board = await deploy(readArtifact('QuoteBoard'), { args: [keeper] })
  const lender = await deploy(readArtifact('BoardLender'), { args: [dollar.address, coin.address, board.address] })
  await call(dollar, 'mint', [lender.address, dollars('1000000')])
  for (const account of [...users, thief]) {
    await call(coin, 'transfer', [account, coins('100000')])
    for (const token of [coin, dollar]) await call(token, 'approve', [lender.address, maxUint256], { from: account })
  }
  const quote = (price: string) => call(board, 'quote', [coin.address, coins(price)], { from: keeper })
  await quote('10')
  const borrow = async (account: Hex, pledged: string, borrowed: string) => {
    await call(lender, 'pledge', [coins(pledged)], { from: account })
    await call(lender, 'borrow', [dollars(borrowed)], { from: account })
  }
  return {
    ...{ lender, board, coin, users, thief, quote, borrow },
    async use() {
      for (const [index, price] of ['10.02', '9.95', '10.1', '10.04', '10.2', '10.15', '10.1', '10.12'].entries()) {
        await skip(1_200)
        await quote(price)
        await borrow(users[index % 4]!, '1000', `${4_000 + 300 * index}`)
        if (index > 1) await call(lender, 'repay', [dollars('1500')], { from: users[(index + 3) % 4]! })
      }
    },
  }
}
