import { describe, expect, test } from 'vitest'
import {
  good,
  next,
  other,
  thief,
  timelockScene,
  upgraded,
} from '../../../../test/harness/detectors/plannedChangeScene.ts'
import type { Address } from '../../../model/chain.ts'

describe('a calendar of planned changes', () => {
  const planned = (rest: object) => ({ options: { planned: [{ what: 'upgrade', until: '2024-01-02', ...rest }] } })
  const severityOf = (options: object, from = thief, log = upgraded(next)) =>
    timelockScene(options).upgrade(next, [log], from)[0]?.severity

  test('makes no proven change milder, and says of it that it was planned', () => {
    const told = (options: object, from: Address) => {
      const [claim] = timelockScene(options).upgrade(next, [upgraded(next)], from)
      return [claim?.severity, claim?.evidence, claim?.facts.planned]
    }
    expect(told(planned({ by: good }), good)).toEqual([undefined, 'hard', expect.stringContaining('calendar: upgrade')])
    expect(told(planned({ by: good }), thief)).toEqual([undefined, 'hard', undefined])
    expect(told(planned({}), thief)).toEqual([undefined, 'hard', expect.stringContaining('calendar: upgrade')])
  })

  test('makes signs low where the one who was named gives them', () => {
    expect(severityOf(planned({ by: good }), good, upgraded(other))).toBe('low')
    expect(severityOf(planned({ by: good }), thief, upgraded(other))).toBe(undefined)
  })

  test('makes signs low, and holds for its kind and its time only', () => {
    const sign = upgraded(other)
    expect(severityOf(planned({}), thief, sign)).toBe('low')
    expect(severityOf(planned({ what: 'owner' }), thief, sign)).toBe(undefined)
    expect(severityOf(planned({ from: '2024-01-01T12:00' }), thief, sign)).toBe(undefined)
    expect(severityOf(planned({ until: '2024-01-01T00:00:01Z' }), thief, sign)).toBe(undefined)
    expect(severityOf(planned({ until: '2024-01-01' }), thief, sign)).toBe('low')
  })

  test('wants real days and known names', () => {
    expect(() => timelockScene(planned({ until: 'tomorrow' }))).toThrow('write a day')
    expect(() => timelockScene(planned({ by: '$nobody' }))).toThrow('$nobody')
  })
})
