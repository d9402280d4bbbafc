import { type Hex, parseSignature } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const replayedVoucher: Scenario = {
  name: 'replayed-voucher',
  theme: 'attack',
  attack:
    'A desk pays for vouchers that its operator signed and does not cross them off: a user brings his own ten times.',
  twin: 'A user brings ten vouchers over the same sum, and twice one that was written for less, which is refused.',

  async build({ client, deploy, call, attempt, read, accounts, mine }) {
    const [deployer, ana, ben] = accounts as [Hex, Hex, Hex]
    const [operator, thief] = [accounts[12]!, accounts[20]!]
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const desk = await deploy(readArtifact('VoucherDesk'), { args: [dollar.address, operator] })
    await call(dollar, 'mint', [desk.address, dollars('900000')])
    let number = 0n
    /** The arguments of redeem. */
    const voucher = async (to: Hex, amount: string): Promise<readonly unknown[]> => {
      const content = [to, dollars(amount), number++]
      const raw = await read<Hex>(desk, 'digestOf', content)
      const { v, r, s } = parseSignature(await client.signMessage({ account: operator, message: { raw } }))
      return [...content, Number(v), r, s]
    }
    return {
      protect: [desk.address],
      victims: [desk.address],
      async ordinary() {
        for (const [to, amount] of [
          [ana, '1200'],
          [ben, '800'],
          [ana, '1200'],
        ] as const) {
          await call(desk, 'redeem', await voucher(to, amount), { from: to })
          await mine(3)
        }
      },
      async attack() {
        const own = await voucher(thief, '3000')
        for (let round = 0; round < 10; round++) {
          await call(desk, 'redeem', own, { from: thief })
          await mine(2)
        }
      },
      async twin() {
        for (let round = 0; round < 10; round++) {
          await call(desk, 'redeem', await voucher(ben, '3000'), { from: ben })
          await mine(2)
        }
        const forged = (await voucher(ben, '3000')).with(1, dollars('3001'))
        for (let round = 0; round < 2; round++) await attempt(desk, 'redeem', forged, { from: ben })
      },
    }
  },
}
