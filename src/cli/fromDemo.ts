import { KnownError } from '../model/error.ts'

/**
 * Loads a part of the demo. It stands on development packages and local contracts, so a published package comes without.
 *
 * @throws {KnownError} This is such a package.
 */
export async function fromDemo<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load()
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND')) throw cause
    throw new KnownError('unavailable', 'The demo is not part of this installation.', {
      cause,
      hints: [
        'To watch contracts of your own: `tocsin start --config tocsin.yaml`, with a config that `tocsin init` writes.',
        'For the demo, clone the repository and run `npm start` there.',
      ],
    })
  }
}
