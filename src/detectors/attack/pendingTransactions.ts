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
  title: 'Pending transactions',
  scenario:
    'An attacker sends his transaction to the public pool. For some seconds, until a block takes it up, everybody who looks can see what it would do.',
  response:
    'Pause now, with a high fee: you have until the next block, a few seconds. If it was mined before you, what the other monitors say of its block counts.',
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
