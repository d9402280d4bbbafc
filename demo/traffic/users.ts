import type { Hex } from 'viem'
import { readAmount, send } from '../send.ts'
import { type Actor, sendIfItWorks, type World } from './actor.ts'
import { amountBetween, pick, type Random } from './random.ts'

const dollar = 1_000_000n
const acme = 10n ** 18n
/** Of the pair, in dollars of six decimals for one ACME: what everybody holds ACME to be worth. */
const fairPrice = 2 * 10 ** 6

type Habit = (random: Random) => Promise<Hex | undefined>

/** People who save, trade, borrow, and now and then get it wrong. */
export const users = (world: World): Actor[] =>
  world.protocol.accounts.users.map((user, index) => {
    const habits = habitsOf(world, user)
    const usual = [
      habits.deposit,
      habits.withdraw,
      habits.withdraw,
      habits.swap,
      habits.swap,
      habits.swap,
      habits.payFee,
    ]
    const borrower = index < 2 ? [habits.borrow, habits.repay] : []
    return {
      name: `user ${index}`,
      everySeconds: 6,
      act: (random) => (random() < 0.02 ? habits.fail(random) : pick(random, [...usual, ...borrower])(random)),
    }
  })

function habitsOf(
  world: World,
  user: Hex,
): Record<'deposit' | 'withdraw' | 'swap' | 'payFee' | 'borrow' | 'repay' | 'fail', Habit> {
  const { client, protocol } = world
  const { dusd, vault, pair, market, treasury } = protocol.contracts
  return {
    deposit: (random) =>
      sendIfItWorks(world, vault, 'deposit', [amountBetween(random, 20n * dollar, 600n * dollar), user], user),
    async withdraw(random) {
      const most = (await readAmount(client, vault, 'maxWithdraw', [user])) / 10n
      const wanted = amountBetween(random, 10n * dollar, 300n * dollar)
      return sendIfItWorks(world, vault, 'withdraw', [wanted < most ? wanted : most, user, user], user)
    },
    swap: (random) => swap(world, user, random),
    payFee: (random) =>
      sendIfItWorks(
        world,
        dusd,
        'transfer',
        [treasury.address, amountBetween(random, 10n * dollar, 60n * dollar)],
        user,
      ),
    borrow: (random) =>
      sendIfItWorks(world, market, 'borrow', [amountBetween(random, 100n * dollar, 800n * dollar)], user),
    repay: (random) =>
      sendIfItWorks(world, market, 'repay', [amountBetween(random, 100n * dollar, 800n * dollar)], user),
    /** Wants more than the pair gives: the failure that every chain sees all day long. */
    fail: (random) =>
      send(
        client,
        pair,
        'swap',
        [dusd.address, amountBetween(random, dollar, 100n * dollar), acme * 1_000_000n, user],
        {
          from: user,
        },
      ),
  }
}

/** Trades at random around the fair price, and against the price when it has left: so it always comes back. */
async function swap(world: World, user: Hex, random: Random): Promise<Hex | undefined> {
  const { dusd, votes, pair } = world.protocol.contracts
  const [acmeReserve, dollarReserve] = await reserves(world)
  const price = Number((dollarReserve * acme) / acmeReserve)
  const strangeness = Math.abs(price / fairPrice - 1)
  const buy = strangeness > 0.01 ? price < fairPrice : random() < 0.5
  const most = strangeness > 0.05 ? 15_000n : 3_000n
  const dollars = amountBetween(random, 100n * dollar, most * dollar)
  const [token, amount] = buy ? [dusd, dollars] : [votes, (dollars * acme) / BigInt(price)]
  return sendIfItWorks(world, pair, 'swap', [token.address, amount, 0n, user], user)
}

async function reserves({ client, protocol }: World): Promise<[bigint, bigint]> {
  const { votes, dusd, pair } = protocol.contracts
  return [
    await readAmount(client, votes, 'balanceOf', [pair.address]),
    await readAmount(client, dusd, 'balanceOf', [pair.address]),
  ]
}
