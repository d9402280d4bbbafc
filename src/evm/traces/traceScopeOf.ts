import type { TraceScope, Watch } from '../../model/detector.ts'

/** How far monitors look into transactions, taken together; null: not at all. */
export function traceScopeOf(watches: readonly Pick<Watch, 'interests'>[]): TraceScope | null {
  const scopes = watches.flatMap(({ interests }) =>
    interests.map((interest) => {
      if (interest.kind === 'call') return interest.internal
      return interest.kind === 'transaction' ? interest.traces : undefined
    }),
  )
  if (scopes.includes('all')) return 'all'
  return scopes.includes('touching') ? 'touching' : null
}
