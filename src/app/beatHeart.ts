import { guardedFetch } from '../lib/guardedFetch.ts'
import { KnownError } from '../model/error.ts'
import type { Secret } from '../model/secret.ts'

/**
 * Asks a URL, so that whoever serves it notices when we die and do not ask any more. To be called while all is well
 * only: a monitor that is blind is as good as dead.
 * @throws {KnownError} It could not be asked, or refused.
 */
export async function beatHeart(
  { url, allowPrivate }: { url: Secret; allowPrivate: boolean },
  signal: AbortSignal,
): Promise<void> {
  const { status } = await guardedFetch(url.reveal(), { allowPrivate, signal })
  if (status < 400) return
  throw new KnownError('unavailable', `The heartbeat was refused with HTTP status ${status}.`, { retryable: true })
}
