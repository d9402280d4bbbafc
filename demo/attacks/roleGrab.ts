import { encodeFunctionData, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { readAmount, send, submit } from '../send.ts'
import { type Attack, startAttack } from './attack.ts'

export const roleGrab: Attack = {
  name: 'role-grab',
  title: 'Role granted to an unknown account and used at once',
  story:
    'With the admin\'s stolen key the thief makes an account without any history strategist of the vault. Seconds later it has the vault run a "strategy" that sends it three tenths of the assets.',

  async run(world) {
    const { client, protocol } = world
    const { dusd, vault } = protocol.contracts
    const { admin, thief } = protocol.accounts
    const attack = startAttack(world)
    const fresh = privateKeyToAddress(generatePrivateKey())
    await client.impersonateAccount({ address: fresh })
    await attack.step(submit(client, { from: thief, to: fresh, value: parseEther('1'), gas: 21_000n }))
    const strategy = await attack.create('HostileStrategy', thief)

    const granted = await attack.step(
      send(client, vault, 'grantRole', [protocol.roles.strategist, fresh], { from: admin }),
    )
    if (granted) {
      await attack.pause()
      const inVault = await readAmount(client, dusd, 'balanceOf', [vault.address])
      const invest = encodeFunctionData({
        abi: strategy.abi,
        functionName: 'invest',
        args: [dusd.address, fresh, (inVault * 3n) / 10n],
      })
      await attack.step(send(client, vault, 'runStrategy', [strategy.address, invest], { from: fresh }))
    }
    await client.stopImpersonatingAccount({ address: fresh })
    return { transactions: attack.transactions }
  },
}
