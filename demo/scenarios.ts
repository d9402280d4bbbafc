import { brakesTakenOff } from './scenarios/access/brakesTakenOff.ts'
import { initializedAgain } from './scenarios/access/initializedAgain.ts'
import { keyThatDelegates } from './scenarios/access/keyThatDelegates.ts'
import { loosenedTerms } from './scenarios/access/loosenedTerms.ts'
import { minterForStranger } from './scenarios/access/minterForStranger.ts'
import { openedToAll } from './scenarios/access/openedToAll.ts'
import { operatorAdded } from './scenarios/access/operatorAdded.ts'
import { payeeExchanged } from './scenarios/access/payeeExchanged.ts'
import { quietList } from './scenarios/access/quietList.ts'
import { roleGrab } from './scenarios/access/roleGrab.ts'
import { rootOfNothing } from './scenarios/access/rootOfNothing.ts'
import { silentSlotWrite } from './scenarios/access/silentSlotWrite.ts'
import { stolenUpgradeKey } from './scenarios/access/stolenUpgradeKey.ts'
import { strangeModule } from './scenarios/access/strangeModule.ts'
import { swappedBeacon } from './scenarios/access/swappedBeacon.ts'
import { swappedDeposits } from './scenarios/access/swappedDeposits.ts'
import { templateSwitched } from './scenarios/access/templateSwitched.ts'
import { approvedThief } from './scenarios/attack/approvedThief.ts'
import { bidsCountedAgain } from './scenarios/attack/bidsCountedAgain.ts'
import { borrowedAllowances } from './scenarios/attack/borrowedAllowances.ts'
import { errandsForAnybody } from './scenarios/attack/errandsForAnybody.ts'
import { groundShares } from './scenarios/attack/groundShares.ts'
import { movedWhilePaid } from './scenarios/attack/movedWhilePaid.ts'
import { neverAllowed } from './scenarios/attack/neverAllowed.ts'
import { plansOfOthers } from './scenarios/attack/plansOfOthers.ts'
import { primedContract } from './scenarios/attack/primedContract.ts'
import { pushedSpotPrice } from './scenarios/attack/pushedSpotPrice.ts'
import { reenteredBank } from './scenarios/attack/reenteredBank.ts'
import { replayedVoucher } from './scenarios/attack/replayedVoucher.ts'
import { staleBooks } from './scenarios/attack/staleBooks.ts'
import { unsignedRelease } from './scenarios/attack/unsignedRelease.ts'
import { aavePriceSource } from './scenarios/dependency/aavePriceSource.ts'
import { frozenByIssuer } from './scenarios/dependency/frozenByIssuer.ts'
import { liquidityLeft } from './scenarios/dependency/liquidityLeft.ts'
import { lyingKeeper } from './scenarios/dependency/lyingKeeper.ts'
import { peerOfThief } from './scenarios/dependency/peerOfThief.ts'
import { sharesHeld } from './scenarios/dependency/sharesHeld.ts'
import { silentKeeper } from './scenarios/dependency/silentKeeper.ts'
import { swappedKey } from './scenarios/dependency/swappedKey.ts'
import { swappedOracle } from './scenarios/dependency/swappedOracle.ts'
import { swappedRegistry } from './scenarios/dependency/swappedRegistry.ts'
import { upstreamMinted } from './scenarios/dependency/upstreamMinted.ts'
import { upstreamPause } from './scenarios/dependency/upstreamPause.ts'
import { upstreamUpgrade } from './scenarios/dependency/upstreamUpgrade.ts'
import { borrowedVotes } from './scenarios/governance/borrowedVotes.ts'
import { cancellerRemoved } from './scenarios/governance/cancellerRemoved.ts'
import { cheapVotes } from './scenarios/governance/cheapVotes.ts'
import { delayedClerk } from './scenarios/governance/delayedClerk.ts'
import { endlessStream } from './scenarios/governance/endlessStream.ts'
import { falseAnswer } from './scenarios/governance/falseAnswer.ts'
import { goldenFund } from './scenarios/governance/goldenFund.ts'
import { grantChanged } from './scenarios/governance/grantChanged.ts'
import { guardianRemoved } from './scenarios/governance/guardianRemoved.ts'
import { quorumGone } from './scenarios/governance/quorumGone.ts'
import { swappedRoot } from './scenarios/governance/swappedRoot.ts'
import { timelockBypass } from './scenarios/governance/timelockBypass.ts'
import { titleThatLies } from './scenarios/governance/titleThatLies.ts'
import { feedAtFloor } from './scenarios/oracle/feedAtFloor.ts'
import { giftedShares } from './scenarios/oracle/giftedShares.ts'
import { patientPush } from './scenarios/oracle/patientPush.ts'
import { replacedAggregator } from './scenarios/oracle/replacedAggregator.ts'
import { spotPush } from './scenarios/oracle/spotPush.ts'
import { staleFeed } from './scenarios/oracle/staleFeed.ts'
import { stolenKeeperKey } from './scenarios/oracle/stolenKeeperKey.ts'
import { unnamedBoard } from './scenarios/oracle/unnamedBoard.ts'
import { allowanceSigned } from './scenarios/safe/allowanceSigned.ts'
import { delegateOfModule } from './scenarios/safe/delegateOfModule.ts'
import { signerWithin } from './scenarios/safe/signerWithin.ts'
import { singletonSwap } from './scenarios/safe/singletonSwap.ts'
import { thresholdLowered } from './scenarios/safe/thresholdLowered.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { allowedDesk } from './scenarios/value/allowedDesk.ts'
import { borrowedForNothing } from './scenarios/value/borrowedForNothing.ts'
import { burnHole } from './scenarios/value/burnHole.ts'
import { calledBack } from './scenarios/value/calledBack.ts'
import { cardsOfOthers } from './scenarios/value/cardsOfOthers.ts'
import { depositNeverCame } from './scenarios/value/depositNeverCame.ts'
import { falseCoin } from './scenarios/value/falseCoin.ts'
import { firstDeposit } from './scenarios/value/firstDeposit.ts'
import { itemsOfOthers } from './scenarios/value/itemsOfOthers.ts'
import { listedTwice } from './scenarios/value/listedTwice.ts'
import { looseWrapper } from './scenarios/value/looseWrapper.ts'
import { minterOverdraws } from './scenarios/value/minterOverdraws.ts'
import { notCrossedOff } from './scenarios/value/notCrossedOff.ts'
import { numberCutOff } from './scenarios/value/numberCutOff.ts'
import { paidFromOthers } from './scenarios/value/paidFromOthers.ts'
import { permitOfNothing } from './scenarios/value/permitOfNothing.ts'
import { plantedEntry } from './scenarios/value/plantedEntry.ts'
import { rewardHandedOn } from './scenarios/value/rewardHandedOn.ts'
import { sentToSelf } from './scenarios/value/sentToSelf.ts'
import { sliverTaken } from './scenarios/value/sliverTaken.ts'
import { swapIn } from './scenarios/value/swapIn.ts'
import { testPaymentFirst } from './scenarios/value/testPaymentFirst.ts'
import { ticketTwice } from './scenarios/value/ticketTwice.ts'
import { unbackedDeposits } from './scenarios/value/unbackedDeposits.ts'
import { zapVault } from './scenarios/value/zapVault.ts'

const access = [
  brakesTakenOff,
  initializedAgain,
  keyThatDelegates,
  loosenedTerms,
  minterForStranger,
  openedToAll,
  operatorAdded,
  payeeExchanged,
  quietList,
  roleGrab,
  rootOfNothing,
  silentSlotWrite,
  stolenUpgradeKey,
  strangeModule,
  swappedBeacon,
  swappedDeposits,
  templateSwitched,
]
const safe = [allowanceSigned, delegateOfModule, signerWithin, singletonSwap, thresholdLowered]
const governance = [
  borrowedVotes,
  cancellerRemoved,
  cheapVotes,
  delayedClerk,
  endlessStream,
  falseAnswer,
  goldenFund,
  grantChanged,
  guardianRemoved,
  quorumGone,
  swappedRoot,
  timelockBypass,
  titleThatLies,
]
const value = [
  allowedDesk,
  borrowedForNothing,
  burnHole,
  calledBack,
  cardsOfOthers,
  depositNeverCame,
  falseCoin,
  firstDeposit,
  itemsOfOthers,
  listedTwice,
  looseWrapper,
  minterOverdraws,
  notCrossedOff,
  numberCutOff,
  paidFromOthers,
  permitOfNothing,
  plantedEntry,
  rewardHandedOn,
  sentToSelf,
  sliverTaken,
  swapIn,
  testPaymentFirst,
  ticketTwice,
  unbackedDeposits,
  zapVault,
]
const oracle = [
  feedAtFloor,
  giftedShares,
  patientPush,
  replacedAggregator,
  spotPush,
  staleFeed,
  stolenKeeperKey,
  unnamedBoard,
]
const attack = [
  approvedThief,
  bidsCountedAgain,
  borrowedAllowances,
  errandsForAnybody,
  groundShares,
  movedWhilePaid,
  neverAllowed,
  plansOfOthers,
  primedContract,
  pushedSpotPrice,
  reenteredBank,
  replayedVoucher,
  staleBooks,
  unsignedRelease,
]
const dependency = [
  aavePriceSource,
  frozenByIssuer,
  liquidityLeft,
  lyingKeeper,
  sharesHeld,
  peerOfThief,
  silentKeeper,
  swappedKey,
  swappedOracle,
  swappedRegistry,
  upstreamMinted,
  upstreamPause,
  upstreamUpgrade,
]

/** The library of attacks and of what looks like them, by name. */
export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  [...access, ...safe, ...governance, ...value, ...oracle, ...attack, ...dependency].map((scenario) => [
    scenario.name,
    scenario,
  ]),
)
