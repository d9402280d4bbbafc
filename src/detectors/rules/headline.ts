import type { Rule } from '../../rules/compileRule.ts'

/** What a rule looks at and where: `Withdraw on vault`. */
export function headline({ trigger, target }: Rule): string {
  switch (trigger.kind) {
    case 'event':
      return `${trigger.event.name} on ${target.name}`
    case 'call':
      return `${trigger.reverted ? 'Failed call' : 'Call'} of ${trigger.call.name} on ${target.name}`
    case 'log':
      return `Log of ${target.name}`
    case 'transfer':
      return `Transfer of native value at ${target.name}`
    case 'transaction':
      return `Transaction at ${target.name}`
  }
}
