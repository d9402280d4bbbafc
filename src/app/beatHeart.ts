import { createSleeper } from '../lib/createSleeper.ts'
import { guardedFetch } from '../lib/guardedFetch.ts'
import type { Secret } from '../model/secret.ts'
import type { Logger } from './createLogger.ts'

/**
 * Asks a URL again and again while all is well, so that whoever serves it notices when we die. Where something is
 * wrong no beat is sent: a monitor that is blind is as good as dead.
 */
export async function beatHeart(
  { url, everySeconds, allowPrivate }: { url: Secret; everySeconds: number; allowPrivate: boolean },
  { isWell, logger, signal }: { isWell(): Promise<boolean>; logger: Logger; signal: AbortSignal },
): Promise<void> {
  const sleeper = createSleeper()
  while (!signal.aborted) {
    try {
      if (await isWell()) {
        const { status } = await guardedFetch(url.reveal(), { allowPrivate, signal })
        if (status >= 400) logger.warn(`The heartbeat was refused with HTTP status ${status}.`)
      } else {
        logger.warn('No heartbeat is sent, as not everything can be watched.')
      }
    } catch (error) {
      if (!signal.aborted) logger.warn({ error }, 'The heartbeat could not be sent.')
    }
    await sleeper.sleep(everySeconds * 1000, signal)
  }
}
