import { encodeFunctionData } from 'viem'
import { executeSafe, type SafeTransfer } from '../executeSafe.ts'
import { readAmount } from '../send.ts'
import { type Attack, startAttack } from './attack.ts'

export const treasuryOutflow: Attack = {
  name: 'treasury-outflow',
  title: 'Treasury emptied with two stolen signatures',
  story:
    'Two of the three keys of the treasury Safe are stolen, which is as many as it asks for. Three transactions move nine tenths of its dollars, its ACME and its ether to the thief.',

  async run(world) {
    const { client, protocol } = world
    const { dusd, votes, treasury } = protocol.contracts
    const { signers, thief } = protocol.accounts
    const attack = startAttack(world)
    const move = (transfer: SafeTransfer) =>
      attack.step(executeSafe(client, treasury, transfer, { signers: signers.slice(0, 2), from: thief }))
    /** Once more where an honest payment took the Safe's nonce. */
    const steal = async (transfer: SafeTransfer) => (await move(transfer)) || move(transfer)

    for (const token of [dusd, votes]) {
      const balance = await readAmount(client, token, 'balanceOf', [treasury.address])
      const args = [thief, (balance * 9n) / 10n]
      const data = encodeFunctionData({ abi: token.abi, functionName: 'transfer', args })
      await steal({ to: token.address, data })
      await attack.pause()
    }
    const ether = await client.getBalance({ address: treasury.address })
    await steal({ to: thief, value: (ether * 9n) / 10n })
    return { transactions: attack.transactions }
  },
}
