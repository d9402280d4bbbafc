import type { Address } from '../../../model/chain.ts'
import { type PrivilegedEvent, privilegedEvent, type Telling, type Words } from '../privilegedEvent.ts'

const tell = (paused: boolean, by: Address | undefined, { name, show }: Words): Telling => ({
  title: `${name} was ${paused ? 'paused' : 'unpaused'}${by ? ` by ${show(by)}` : ''}`,
  facts: { paused, ...(by && { by }) },
  sets: { values: ['paused'], to: String(paused) },
  severity: 'medium',
})

/** Pausable as OpenZeppelin writes it, and as older tokens do. */
export const pausableEvents: readonly PrivilegedEvent[] = [
  ...[true, false].map((paused) =>
    privilegedEvent<[Address]>(`event ${paused ? 'Paused' : 'Unpaused'}(address account)`, {
      standard: 'Pausable',
      kind: 'pause',
      tell: ([by], words) => tell(paused, by, words),
    }),
  ),
  ...[true, false].map((paused) =>
    privilegedEvent<[]>(`event ${paused ? 'Pause' : 'Unpause'}()`, {
      standard: 'Pausable',
      kind: 'pause',
      tell: (_, words) => tell(paused, undefined, words),
    }),
  ),
]
