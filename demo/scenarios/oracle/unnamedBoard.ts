import type { Scenario } from '../scenario.ts'
import { boardMarket } from './quoteBoard.ts'

export const unnamedBoard: Scenario = {
  name: 'unnamed-board',
  theme: 'oracle',
  attack:
    'With the key of a keeper a thief writes down forty times the price on a board that only the code of the lender names, and borrows a sixth of the dollars.',
  twin: 'A coin loses a tenth, and somebody pledges much and borrows a third of the dollars.',

  async build(stage) {
    const { lender, board, users, thief, quote, borrow, use } = await boardMarket(stage)
    return {
      protect: [lender.address],
      victims: [lender.address, board.address],
      ordinary: use,
      async attack() {
        await stage.skip(1_200)
        await quote('400')
        await borrow(thief, '800', '160000')
        await stage.mine(2)
      },
      async twin() {
        await stage.skip(1_200)
        await quote('9.1')
        await borrow(users[2]!, '60000', '330000')
        await stage.mine(2)
      },
    }
  },
}
