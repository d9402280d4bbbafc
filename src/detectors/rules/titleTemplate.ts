import { plainText } from '../../lib/plainText.ts'
import { KnownError } from '../../model/error.ts'
import type { Rule } from '../../rules/compileRule.ts'
import type { Frame } from '../../rules/frame.ts'
import { headline } from './headline.ts'
import { showValue } from './showValue.ts'

type Show = Parameters<typeof showValue>[2]
const titleMax = 200

/**
 * Makes the titles of a rule's claims, out of the text of the config or by itself: `Withdraw on vault: assets 1,000`.
 *
 * @throws {KnownError} The text names something in braces that is no parameter.
 */
export function titleTemplate(rule: Rule, template: string | undefined, show: Show): (frame: Frame) => string {
  if (template === undefined) return (frame) => plainText(`${headline(rule)}${details(rule, frame, show)}`, titleMax)
  const names = new Map(rule.parameters.map(({ name }, index) => [name || `args[${index}]`, index]))
  for (const [, name] of template.matchAll(/\{([^{}]*)\}/g)) {
    if (name === 'target' || names.has(name!)) continue
    throw new KnownError('invalid', `The title speaks of {${name}}, which is no parameter.`, {
      hints: [`There is {target}${[...names.keys()].map((known) => `, {${known}}`).join('')}.`],
    })
  }
  return (frame) => {
    const title = template.replace(/\{([^{}]*)\}/g, (_, name: string) => {
      const index = names.get(name)
      return index === undefined ? rule.target.name : showValue(frame.args[index]!, rule.parameters[index]!.type, show)
    })
    return plainText(title, titleMax)
  }
}

function details({ trigger, parameters }: Rule, { args, transaction }: Frame, show: Show): string {
  const values = parameters.map(({ name, type }, index) => `${name} ${showValue(args[index]!, type, show)}`.trim())
  const sender = trigger.kind === 'call' || trigger.kind === 'transaction' || trigger.kind === 'log'
  if (sender && transaction) values.unshift(`from ${show(transaction.from)}`)
  return values.length === 0 ? '' : `: ${values.join(', ')}`
}
