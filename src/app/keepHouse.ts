import type { AlertContext } from '../alerts/alertContext.ts'
import { forgetOld } from '../alerts/forgetOld.ts'
import { tellOfOurselves } from '../alerts/tellOfOurselves.ts'
import { judgeChain } from '../api/judgeSight.ts'
import type { Config } from '../config/config.ts'
import type { ChainStatus } from '../model/status.ts'
import { listBlindness } from '../store/blindness.ts'
import type { Database } from '../store/database.ts'
import { explainQueryError } from '../store/explainQueryError.ts'
import type { RaiseVerb } from '../watch/commitBlock.ts'
import { beatHeart } from './beatHeart.ts'
import type { Logger } from './createLogger.ts'
import { createSelfCheck, groundOf } from './createSelfCheck.ts'
import { repeat } from './repeat.ts'

const lookEveryMs = 30_000
const forgetEveryMs = 60 * 60_000

type Deps = {
  config: Pick<Config, 'heartbeat' | 'retention'> & { chains: readonly { id: number }[] }
  db: Database
  context: AlertContext
  dataDirectory: string
  chains(): ChainStatus[]
  raise: RaiseVerb
  logger: Logger
  signal: AbortSignal
}

/** The work that goes on beside the watch: a look at ourselves, the heartbeat, what is old. */
export function keepHouse({
  config,
  db,
  context,
  dataDirectory,
  chains,
  raise,
  logger,
  signal,
}: Deps): Promise<void>[] {
  const complain = (what: string) => (error: unknown) => logger.warn({ error: explainQueryError(error) }, what)
  const ground = groundOf(dataDirectory, () => newestOf(chains()))
  const check = createSelfCheck({ chainId: config.chains[0]!.id, ground }, { db, raise })
  const look = async () => {
    await check()
    await tellOfOurselves(db, context, { now: new Date() })
  }
  const forget = async () => {
    const forgotten = await forgetOld(db, { ...config.retention, now: new Date(), signal })
    const rows = Object.values(forgotten).reduce((sum, count) => sum + count, 0)
    if (rows > 0) logger.info(forgotten, `${rows} rows older than the retention were deleted.`)
  }
  const work = [
    repeat(look, { everyMs: lookEveryMs, signal, onError: complain('The look at this machine failed.') }),
    repeat(forget, { everyMs: forgetEveryMs, signal, onError: complain('Old rows could not be deleted.') }),
  ]
  const { heartbeat } = config
  if (heartbeat) {
    const beat = async () => {
      const blindness = await listBlindness(db)
      const unseen = chains().find((chain) => judgeChain(chain, blindness, new Date()).state !== 'seen')
      if (!unseen) await beatHeart(heartbeat, signal)
      else logger.warn(`No heartbeat is sent, as ${unseen.name} is not seen as it is now.`)
    }
    work.push(
      repeat(beat, { everyMs: heartbeat.everySeconds * 1000, signal, onError: complain('The heartbeat failed.') }),
    )
  }
  return work
}

function newestOf(chains: readonly ChainStatus[]): { timestamp: number; chain: string } | null {
  const atHead = chains.find(({ lag, cursorTimestamp }) => lag === 0 && cursorTimestamp !== null)
  return atHead ? { timestamp: atHead.cursorTimestamp!, chain: atHead.name } : null
}
