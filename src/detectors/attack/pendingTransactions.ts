import { defineDetector } from '../../model/detector.ts'
import { addressesOf } from '../addressesOf.ts'
import { addressShower } from '../showAddress.ts'
import { asConfigured } from '../value/asConfigured.ts'
import { claimLosses, claimPower } from './pendingTransactions/claimPending.ts'
import { lossesAhead, readsOfLossesAhead, readsOfSharers } from './pendingTransactions/lossesAhead.ts'
import { type PendingOptions, pendingOptions } from './pendingTransactions/options.ts'
import { powerAhead, readsOfPower } from './pendingTransactions/powerAhead.ts'

/**
 * Tries transactions that stand in no block yet and touch ours, and speaks where ours would lose what nobody gave for, or
 * where power over them would pass on without whoever has it. What the sender is entitled to is not spoken of.
 */
export const pendingTransactions = defineDetector<PendingOptions>({
  id: 'pending-transactions',
  title: 'An attack that waits in the public pool',
  scenario:
    'An attacker sends his transaction to the public pool. For some seconds, until a block takes it up, everybody who looks can see what it would do.',
  signal:
    'Each pending transaction that goes to a contract, names it, or calls or creates code that holds its address is simulated on the newest block. A loss of `percent` is `high` where it goes to a contract made some twenty minutes ago or not yet mined, or to the caller of a vault for none of its shares; `critical` from `criticalPercent`, or with two signs; the same sum several times is `high` only with these. A change of owner, admin or code in which whoever has the say has no part is `high`, and `critical` where the sender or what he calls gets it.',
  response:
    'Pause now, with a high fee: you have until the next block, a few seconds. If it was mined before you, what the other monitors say of its block counts.',
  knownLimits: [
    'Transactions sent to builders directly, at least half of all attacks, are never in the pool.',
    'An attack by an older contract that keeps your address only in its storage is not tried.',
    'At most 20 a second are tried and 8 of one sender wait; how many more there were is told as blindness.',
    'What depends on a block to come, or tells a simulation from the real thing, shows nothing.',
    'There are seconds at best between the page and the block.',
  ],
  severity: 'high',
  options: pendingOptions,
  when: 'none',
  lasting: true,
  needs: ['calldata', 'state'],

  compile({ options, targets: on, names, chain }) {
    const targets = new Map(on.map((target) => [target.address, target]))
    const addresses = addressesOf(on)
    const ours = { targets, addresses, named: addressesOf(names.values()) }
    const show = addressShower(names)
    return {
      stateless: true,
      interests: [],
      notes: [
        'It sees what a provider tells of by WebSocket as pending, and that is at best half of all attacks: others are sent to builders directly.',
        'It tries transactions that go to a contract, that hold its address in their calldata, or that call or create a contract whose code holds it: at most 20 in a second, 8 of one sender at once. An attack by a contract that is told the address only in storage is not seen.',
      ],
      detect: () => ({}),
      pending: {
        touching: [...addresses],
        forgetAfterSeconds: options.forgetAfterSeconds,
        reads: [...readsOfPower(addresses), ...readsOfSharers(ours)],
        moreReads: (view) => readsOfLossesAhead(view, ours),
        judge(observation) {
          const [outcome] = observation.outcomes
          if (!outcome) return {}
          const { criticalPercent, percent, severities } = options
          const words = { chainId: chain.id, criticalPercent, show, head: observation.block.number - 1 }
          const { losses, blind } = lossesAhead(observation, ours, percent)
          const claims = [
            ...claimPower(powerAhead(observation, addresses), outcome.transaction, words),
            ...claimLosses(losses, outcome.transaction, words),
          ]
          return { claims: claims.map((claim) => asConfigured(claim, severities)), blind }
        },
      },
    }
  },
})
