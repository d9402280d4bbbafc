import { expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import type { Claim } from '../../model/finding.ts'
import { asConfigured } from './asConfigured.ts'

const claim = (severity?: Claim['severity']): Claim => ({
  ...{ key: 'a', address: account(1), title: '', facts: {}, evidence: 'hard', ...(severity && { severity }) },
})

test('what a detector finds high has the severity of the monitor, and the rest what the config gives it', () => {
  const given = { critical: 'high' as const }
  const graded = (['critical', 'high', 'medium', 'low'] as const).map((severity) =>
    asConfigured(claim(severity), given),
  )
  expect(graded).toEqual([claim('high'), claim(), claim('medium'), claim('low')])
  expect(asConfigured(claim(), given)).toEqual(claim())
})
