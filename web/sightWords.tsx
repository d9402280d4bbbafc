import { Icon } from './icons.tsx'
import { Time } from './time.tsx'
import type { Sight } from './types.ts'

const words: Record<Sight['state'], string> = { seen: 'seen', behind: 'behind', blind: 'blind', off: 'off' }
const icons = { seen: 'eye', behind: 'clock', blind: 'noEye', off: 'noEye' } as const

export function SightWords({ sight }: { sight: Sight }) {
  return (
    <span className={`sight ${sight.state}`}>
      <Icon name={icons[sight.state]} />
      {words[sight.state]}
    </span>
  )
}

/** Why somebody does not look, and since when; nothing where he does. */
export function SightReason({ sight }: { sight: Sight }) {
  if (sight.reason === null) return null
  return (
    <p className="why">
      {sight.reason}{' '}
      {sight.since && (
        <>
          Since <Time at={sight.since} />
        </>
      )}
    </p>
  )
}
