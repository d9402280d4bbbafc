import { type Actor, sendIfItWorks, type World } from './actor.ts'

/** The programs that keep the protocol running. They share one account, so they are one actor that takes turns. */
export function keeper(world: World): Actor {
  const { feed, rewards } = world.protocol.contracts
  let turn = 0
  return {
    name: 'keeper',
    everySeconds: 4,
    act: () =>
      turn++ % 4 === 3
        ? sendIfItWorks(world, rewards, 'drip', [], world.protocol.accounts.keeper)
        : sendIfItWorks(world, feed, 'refresh', [], world.protocol.accounts.keeper),
  }
}
