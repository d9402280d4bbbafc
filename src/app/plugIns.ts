import { channels } from '../channels/index.ts'
import type { PlugIns } from '../config/loadConfig.ts'
import { detectors } from '../detectors/index.ts'

/** Everything that is built in. */
export const plugIns: PlugIns = { detectors, channels }
