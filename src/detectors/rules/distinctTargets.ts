import type { Contract } from '../../model/contract.ts'
import { KnownError } from '../../model/error.ts'

/**
 * The contracts of a monitor, each of which speaks for itself.
 *
 * @throws {KnownError} Two of them are one, so that everything would be said twice.
 */
export function distinctTargets(targets: readonly Contract[]): readonly Contract[] {
  const names = new Map<string, string>()
  for (const { address, name } of targets) {
    const other = names.get(address)
    if (other !== undefined) {
      throw new KnownError('conflict', `${other} and ${name} are the same address, ${address}.`, {
        hints: ['Name one of them under `on`.'],
      })
    }
    names.set(address, name)
  }
  return targets
}
