import { type PrivilegedEvent, privilegedEvent } from '../privilegedEvent.ts'

/** Initializable, of version 4 and of version 5. */
export const initializableEvents: readonly PrivilegedEvent[] = [8, 64].map((bits) =>
  privilegedEvent<[bigint]>(`event Initialized(uint${bits} version)`, {
    standard: 'Initializable',
    kind: 'initialize',
    tell: ([version], { name }) => {
      const isLocked = version === (1n << BigInt(bits)) - 1n
      return {
        title: isLocked ? `Initializers of ${name} were disabled` : `${name} was initialized as version ${version}`,
        facts: { version: version.toString() },
        ...(isLocked && { severity: 'info' }),
      }
    },
  }),
)
