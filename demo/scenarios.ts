import { brakesTakenOff } from './scenarios/access/brakesTakenOff.ts'
import { initializedAgain } from './scenarios/access/initializedAgain.ts'
import { keyThatDelegates } from './scenarios/access/keyThatDelegates.ts'
import { minterForStranger } from './scenarios/access/minterForStranger.ts'
import { openedToAll } from './scenarios/access/openedToAll.ts'
import { roleGrab } from './scenarios/access/roleGrab.ts'
import { silentSlotWrite } from './scenarios/access/silentSlotWrite.ts'
import { stolenUpgradeKey } from './scenarios/access/stolenUpgradeKey.ts'
import { swappedBeacon } from './scenarios/access/swappedBeacon.ts'
import { aavePriceSource } from './scenarios/dependency/aavePriceSource.ts'
import { frozenByIssuer } from './scenarios/dependency/frozenByIssuer.ts'
import { upstreamPause } from './scenarios/dependency/upstreamPause.ts'
import { upstreamUpgrade } from './scenarios/dependency/upstreamUpgrade.ts'
import { borrowedVotes } from './scenarios/governance/borrowedVotes.ts'
import { timelockBypass } from './scenarios/governance/timelockBypass.ts'
import { titleThatLies } from './scenarios/governance/titleThatLies.ts'
import { feedAtFloor } from './scenarios/oracle/feedAtFloor.ts'
import { replacedAggregator } from './scenarios/oracle/replacedAggregator.ts'
import { spotPush } from './scenarios/oracle/spotPush.ts'
import { staleFeed } from './scenarios/oracle/staleFeed.ts'
import { stolenKeeperKey } from './scenarios/oracle/stolenKeeperKey.ts'
import { singletonSwap } from './scenarios/safe/singletonSwap.ts'
import { thresholdLowered } from './scenarios/safe/thresholdLowered.ts'
import type { Scenario } from './scenarios/scenario.ts'

const access = [
  stolenUpgradeKey,
  silentSlotWrite,
  roleGrab,
  minterForStranger,
  keyThatDelegates,
  brakesTakenOff,
  initializedAgain,
  swappedBeacon,
  openedToAll,
]
const dependency = [upstreamUpgrade, frozenByIssuer, upstreamPause, aavePriceSource]
const safe = [singletonSwap, thresholdLowered]
const governance = [borrowedVotes, titleThatLies, timelockBypass]
const oracle = [spotPush, staleFeed, feedAtFloor, stolenKeeperKey, replacedAggregator]

/** The library of attacks and of what looks like them, by name. */
export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  [...access, ...dependency, ...safe, ...governance, ...oracle].map((scenario) => [scenario.name, scenario]),
)
