import { z } from 'zod'
import { checkShape } from './checkShape.ts'
import { expression, listMax, text } from './ozMonitor.ts'
import type { JsonFile } from './readJsonFiles.ts'
import type { Remarks } from './remarks.ts'
import type { ConditionSet, SourceMonitor } from './sourceMonitor.ts'

const anything = z.unknown().optional()
const list = <Item extends z.ZodType>(item: Item) => z.array(item).max(listMax).default([])
const event = z.object({ eventSignature: text, expression })
const call = z.object({ functionSignature: text, expression })
const statuses = { success: 'success', failed: 'failure', any: 'any' } as const
const transaction = z.object({
  status: z
    .enum(['success', 'failed', 'any'])
    .default('any')
    .transform((status) => statuses[status]),
  expression,
})
const conditionSet = z.object({
  eventConditions: list(event),
  functionConditions: list(call),
  txConditions: list(transaction),
})

/** What an export and what a request to create a monitor hold; of the two, one is there. */
const monitorSchema = z.object({
  name: z.string().min(1).max(500),
  type: text.optional(),
  network: text.optional(),
  paused: z.boolean().default(false),
  addressRules: list(z.object({ addresses: list(text), abi: anything, conditions: list(conditionSet), ...filters() })),
  addresses: list(text),
  abi: anything,
  eventConditions: list(event),
  functionConditions: list(call),
  txCondition: expression,
  ...filters(),
  actionTrigger: anything,
  autotaskTrigger: anything,
  fortaRule: anything,
  fortaConditions: anything,
  alertThreshold: z.looseObject({ amount: z.number(), windowSeconds: z.number().optional() }).nullish(),
  notifyConfig: z.looseObject({ messageBody: anything, actionId: anything, autotaskId: anything }).nullish(),
  notificationChannels: anything,
  notificationCategoryId: anything,
  alertTimeoutMs: anything,
  alertMessageBody: anything,
  alertMessageSubject: anything,
  riskCategory: anything,
  blockWatcherId: anything,
  confirmLevel: anything,
  skipABIValidation: anything,
  monitorId: anything,
  subscriberId: anything,
  stackResourceId: anything,
  createdAt: anything,
})
type Given = z.output<typeof monitorSchema>

function filters() {
  return { actionCondition: anything, autotaskCondition: anything }
}

/** A monitor of Defender, as its API gave it out or took it: one for each of its address rules. */
export function defenderMonitor({ file, value }: JsonFile, remarks: Remarks): SourceMonitor[] {
  const given = checkShape(monitorSchema, value, file, remarks)
  if (!given) return []
  const { name, network, paused, addressRules } = given
  if (given.type?.toUpperCase() === 'FORTA' || given.fortaRule || given.fortaConditions) {
    remarks.add('lost', name, 'It listens to Forta, which Tocsin does not read.')
    return []
  }
  if (network === undefined) {
    remarks.add('lost', name, 'It names no network.')
    return []
  }
  remarkLost(given, remarks)
  const rules = addressRules.length > 0 ? addressRules : [flatRule(given)]
  return rules.map(({ addresses, abi, conditions }) => ({
    file,
    name,
    dialect: 'defender',
    networks: [network],
    paused,
    addresses: addresses.map((address) => ({ address, abi })),
    conditions: conditions.length > 0 ? conditions.map(setOf) : [{ events: [], functions: [], transactions: [] }],
    triggers: [],
  }))
}

function flatRule({ addresses, abi, eventConditions, functionConditions, txCondition }: Given) {
  const txConditions = txCondition === null ? [] : [{ status: 'any' as const, expression: txCondition }]
  return { addresses, abi, conditions: [{ eventConditions, functionConditions, txConditions }] }
}

function setOf({ eventConditions, functionConditions, txConditions }: z.output<typeof conditionSet>): ConditionSet {
  return {
    events: eventConditions.map(({ eventSignature, expression: condition }) => ({
      signature: eventSignature,
      expression: condition,
    })),
    functions: functionConditions.map(({ functionSignature, expression: condition }) => ({
      signature: functionSignature,
      expression: condition,
    })),
    transactions: txConditions,
  }
}

function remarkLost(given: Given, remarks: Remarks): void {
  const { name, alertThreshold, notifyConfig } = given
  const lost = (text: string) => remarks.add('lost', name, text)
  if ([given, ...given.addressRules].some((rule) => rule.actionCondition || rule.autotaskCondition)) {
    lost('Its filter, an Action, does not run here, so what it dropped is told. Write its condition into `when`.')
  }
  if (given.actionTrigger || given.autotaskTrigger || notifyConfig?.actionId || notifyConfig?.autotaskId) {
    lost('The Action that it starts: Tocsin tells people and does not act. A webhook can start it.')
  }
  if (alertThreshold && alertThreshold.amount > 1) {
    lost(
      `Its threshold of ${alertThreshold.amount} matches in ${alertThreshold.windowSeconds ?? '?'} seconds: every match ` +
        'counts here. They join in one alert; `transaction-rate` speaks of how many there are.',
    )
  }
  if (notifyConfig || given.notificationChannels) {
    lost('Its notification channels are known by id only: add `channels` and `routes` by hand.')
  }
  if (given.riskCategory && given.riskCategory !== 'NONE') {
    lost('Its risk category: `severity` of the monitor says how grave it is, and is medium where nothing is said.')
  }
  if (given.confirmLevel !== undefined) {
    remarks.add(
      'changed',
      name,
      'Its confirmation level: alerts come at the head, and are confirmed or taken back later.',
    )
  }
  if (notifyConfig?.messageBody || given.alertMessageBody || given.alertMessageSubject) {
    lost('Its message: Tocsin writes its own, and `title` of the monitor can be set.')
  }
}
