import { expect, test } from 'vitest'
import { account } from '../../test/harness/node/block.ts'
import type { ContractFacts } from './contractFacts.ts'
import { proposeRights } from './proposeRights.ts'

test('each contract with a list of its own is asked by what was found of it, and the others are not', () => {
  const [pool, other] = [1, 2].map((place) => {
    const facts = { address: account(place), form: 'contract' } as ContractFacts
    return { name: `contract${place}`, kind: null, role: 'protected' as const, facts, pointers: [] }
  })
  const proposed = proposeRights([pool!, other!], new Map([[account(1), ['0x6d70f7ae']]]))
  expect(proposed).toMatchObject([
    { name: 'contract1-rights', use: 'new-rights', on: ['contract1'], options: { views: ['0x6d70f7ae'] } },
  ])
})
