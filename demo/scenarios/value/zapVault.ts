import { maxUint256 } from 'viem'
import { readArtifact } from '../../artifact.ts'
import { dollars } from '../acmeVault.ts'
import type { Scenario } from '../scenario.ts'

export const zapVault: Scenario = {
  name: 'shares-for-worthless-tokens',
  theme: 'value',
  attack: 'A vault takes any token that its caller names: a thief pays with his own, and redeems the shares later.',
  twin: 'Somebody zaps a large sum of the real asset, a gift raises the price of a share, and the largest holder leaves.',

  async build({ deploy, call, accounts, read, mine }) {
    const [deployer, ana, ben, eve] = accounts
    const thief = accounts[20]!
    const dollar = await deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const vault = await deploy(readArtifact('ZapVault'), { args: [dollar.address] })
    for (const user of [ana!, ben!, eve!]) {
      await call(dollar, 'mint', [user, dollars('3000000')])
      await call(dollar, 'approve', [vault.address, maxUint256], { from: user })
      await call(vault, 'deposit', [dollars('1000000'), user], { from: user })
    }
    return {
      protect: [vault.address],
      victims: [vault.address],
      async ordinary() {
        for (const amount of ['2100', '800', '15000']) {
          await call(vault, 'deposit', [dollars(amount), ana], { from: ana! })
          await mine(3)
          await call(vault, 'withdraw', [dollars('900'), ben, ben], { from: ben! })
        }
      },
      async attack() {
        const paper = await deploy(readArtifact('DemoDollar'), { args: [thief], from: thief })
        await call(paper, 'mint', [thief, dollars('900000000')], { from: thief })
        await call(paper, 'approve', [vault.address, maxUint256], { from: thief })
        await call(vault, 'zap', [paper.address, dollars('9000000'), thief], { from: thief })
        await mine(20)
        const shares = await read(vault, 'balanceOf', [thief])
        await call(vault, 'redeem', [shares, thief, thief], { from: thief })
      },
      async twin() {
        await call(vault, 'zap', [dollar.address, dollars('1500000'), eve], { from: eve! })
        await mine(5)
        await call(dollar, 'transfer', [vault.address, dollars('20000')], { from: ben! })
        const shares = await read(vault, 'balanceOf', [eve])
        await call(vault, 'redeem', [shares, eve, eve], { from: eve! })
      },
    }
  },
}
