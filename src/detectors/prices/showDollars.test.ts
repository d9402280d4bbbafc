import { expect, test } from 'vitest'
import { showDollars } from './showDollars.ts'

test('shows dollars as people read them', () => {
  const shown = [0.5, 12.345, 999, 1_234, 999_499, 999_700, 1_234_567, 2_500_000_000].map(showDollars)
  expect(shown.join(', ')).toBe('≈ $0.5, ≈ $12.3, ≈ $999, ≈ $1.23 k, ≈ $999 k, ≈ $1 M, ≈ $1.23 M, ≈ $2.5 B')
})
