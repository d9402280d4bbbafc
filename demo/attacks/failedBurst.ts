import { zeroHash } from 'viem'
import { mined, send } from '../send.ts'
import { type Attack, startAttack } from './attack.ts'

const rounds = 8

export const failedBurst: Attack = {
  name: 'failed-burst',
  title: 'Burst of failed calls to privileged functions',
  story:
    'Somebody tries every guarded door of vault, market and timelock, forty times within a few blocks, and each call reverts. Nothing is lost yet: it is the probing that often comes before an attack.',

  async run(world) {
    const { client, protocol } = world
    const { vault, market, timelock } = protocol.contracts
    const from = protocol.accounts.thief
    const { transactions } = startAttack(world)
    const doors = [
      [vault, 'grantRole', [protocol.roles.admin, from]],
      [vault, 'upgradeToAndCall', [from, '0x']],
      [vault, 'runStrategy', [from, '0x']],
      [market, 'setGuardian', [from]],
      [timelock, 'schedule', [vault.address, 0n, '0x', zeroHash, zeroHash, 0n]],
    ] as const

    for (let round = 0; round < rounds; round++)
      for (const [contract, functionName, args] of doors)
        transactions.push(await send(client, contract, functionName, args, { from, gas: 200_000n }))
    for (const hash of transactions) await mined(client, hash)
    return { transactions }
  },
}
