import type { Value } from '../../../evm/abi/value.ts'
import type { Address, Log } from '../../../model/chain.ts'

/** What flows per second: in base units, or where `decimals` says so in that fraction of a whole token. */
export type Rate = { perSecond: bigint; decimals: number | null }

/** What a contract says of a stream. */
export type StreamLog = {
  system: 'Sablier' | 'Sablier Lockup' | 'Sablier Flow' | 'LlamaPay' | 'Superfluid'
  /** `opened`: also at another rate. `ended`: before its time. */
  act: 'opened' | 'funded' | 'ended'
  log: Log
  /** Whose money it is. */
  payer: Address
  recipient: Address | null
  /** Null: the contract has one token for all its streams, or the log does not tell. */
  token: Address | null
  deposit: bigint | null
  rate: Rate | null
  /** What flowed until now, where the stream is not new. */
  before: Rate | null
  /** Unix seconds. */
  end: number | null
  /** Who can end it before its time; null: nobody, or it is not told. */
  ender: Address | null
  streamId: string | null
}

/** `payer`: null where the event does not name him. */
type Told = Omit<StreamLog, 'system' | 'act' | 'log' | 'payer'> & { payer: Address | null }
/** One of the events that tell of streams: what it is written as, and what it says. */
export type StreamForm = {
  system: StreamLog['system']
  act: StreamLog['act']
  signature: string
  read(values: readonly Value[]): Told
}

/** A time that nobody lives to see is told as none. */
const secondsOf = (time: bigint): number | null => (time <= 253_402_300_799n ? Number(time) : null)
const nothing = { recipient: null, token: null, deposit: null, rate: null, before: null, end: null }
export const none = { ...nothing, ender: null, streamId: null }
const ender = (cancelable: Value, sender: Value) => (cancelable === true ? (sender as Address) : null)

/** Sablier Lockup 1.x. `after`: how many places behind the token the times stand. Its first is the start, its last the end. */
const lockup1 =
  (after: number) =>
  ([streamId, payer, sender, recipient, amounts, token, cancelable, ...rest]: readonly Value[]): Told => {
    const times = rest[after] as readonly bigint[]
    return {
      ...none,
      ...{ streamId: String(streamId), payer: payer as Address, recipient: recipient as Address },
      ...{ token: token as Address, deposit: (amounts as readonly bigint[])[0]! },
      ...{ end: Number(times.at(-1)), ender: ender(cancelable!, sender!) },
    }
  }

/** Sablier Lockup 2.0 to 4.0, all that its kinds of streams have in common. */
function lockup2([streamId, common]: readonly Value[]): Told {
  const [payer, sender, recipient, amounts, token, cancelable, , times] = common as readonly Value[]
  const deposit = typeof amounts === 'bigint' ? amounts : (amounts as readonly bigint[])[0]!
  return {
    ...none,
    ...{ streamId: String(streamId), payer: payer as Address, recipient: recipient as Address },
    ...{ token: token as Address, deposit, end: Number((times as readonly bigint[])[1]) },
    ender: ender(cancelable!, sender!),
  }
}

const ended = (payer: number, recipient: number, id: number) => (values: readonly Value[]) => ({
  ...none,
  ...{ payer: values[payer] as Address, recipient: values[recipient] as Address, streamId: String(values[id]) },
})

const opening = (system: StreamLog['system'], signature: string, read: StreamForm['read']): StreamForm => {
  return { system, act: 'opened', signature, read }
}
const ending = (system: StreamLog['system'], signature: string, read: StreamForm['read']): StreamForm => {
  return { system, act: 'ended', signature, read }
}
const llama = ([payer, recipient, perSecond, streamId]: readonly Value[]): Told => ({
  ...none,
  ...{ payer: payer as Address, recipient: recipient as Address, streamId: String(streamId), ender: payer as Address },
  // Its contract counts in twenty decimals, whatever the token has.
  rate: { perSecond: perSecond as bigint, decimals: 20 },
})
/** One whole token per second is 10^18, whatever decimals the token has. */
export const flowRate = (perSecond: Value): Rate => ({ perSecond: perSecond as bigint, decimals: 18 })

const common2 =
  '(address funder, address sender, address recipient, (uint128 deposit, uint128 brokerFee) amounts, address token, bool cancelable, bool transferable, (uint40 start, uint40 end) timestamps, string shape, address broker) commonParams'
const common3 =
  '(address funder, address sender, address recipient, uint128 depositAmount, address token, bool cancelable, bool transferable, (uint40 start, uint40 end) timestamps, string shape) commonParams'
const kinds2 = [
  ['Linear', 'uint40 cliffTime, (uint128 start, uint128 cliff) unlockAmounts'],
  ['Dynamic', '(uint128 amount, uint64 exponent, uint40 timestamp)[] segments'],
  ['Tranched', '(uint128 amount, uint40 timestamp)[] tranches'],
] as const
const linear4 = 'uint40 cliffTime, uint40 granularity, (uint128 start, uint128 cliff) unlockAmounts'
const head1 = 'uint256 streamId, address funder, address indexed sender, address indexed recipient'
const fees3 = '(uint128 deposit, uint128 protocolFee, uint128 brokerFee) amounts'
const fees2 = '(uint128 deposit, uint128 brokerFee) amounts'
const times3 = '(uint40 start, uint40 cliff, uint40 end) times'
const times2 = '(uint40 start, uint40 end) times'
const segments = '(uint128 amount, uint64 exponent, uint40 timestamp)[] segments'
const tranches = '(uint128 amount, uint40 timestamp)[] tranches'
const flags = 'address indexed asset, bool cancelable, bool transferable'
const lockup = 'Sablier Lockup'

/**
 * Sources: the ABIs in @sablier/lockup 4.0.1 and @sablier/flow 3.0.1, sablier-labs/indexers (abi/lockup-v3.0, abi/flow-v2.0,
 * and the events of 1.0 to 2.0 that its handlers quote from the contracts), the contract LlamaPay.sol of LlamaPay/llamapay,
 * IConstantFlowAgreementV1 of Superfluid, ISablier of the first Sablier. Lockup 1.0 of segments is left out: its layout is
 * not certain.
 */
export const streamForms: readonly StreamForm[] = [
  opening(
    'Sablier',
    'event CreateStream(uint256 indexed streamId, address indexed sender, address indexed recipient, uint256 deposit, address tokenAddress, uint256 startTime, uint256 stopTime)',
    ([id, sender, recipient, deposit, token, , end]) => ({
      ...{ ...none, streamId: String(id), payer: sender as Address, recipient: recipient as Address },
      ...{
        token: token as Address,
        deposit: deposit as bigint,
        end: secondsOf(end as bigint),
        ender: sender as Address,
      },
    }),
  ),
  ending(
    'Sablier',
    'event CancelStream(uint256 indexed streamId, address indexed sender, address indexed recipient, uint256 senderBalance, uint256 recipientBalance)',
    ended(1, 2, 0),
  ),
  opening(
    lockup,
    `event CreateLockupLinearStream(${head1}, ${fees3}, address indexed asset, bool cancelable, ${times3}, address broker)`,
    lockup1(0),
  ),
  ...[fees3, fees2].flatMap((fees) => [
    opening(
      lockup,
      `event CreateLockupLinearStream(${head1}, ${fees}, ${flags}, ${times3}, address broker)`,
      lockup1(1),
    ),
    opening(
      lockup,
      `event CreateLockupDynamicStream(${head1}, ${fees}, ${flags}, ${segments}, ${times2}, address broker)`,
      lockup1(2),
    ),
  ]),
  opening(
    lockup,
    `event CreateLockupTranchedStream(${head1}, ${fees2}, ${flags}, ${tranches}, ${times2}, address broker)`,
    lockup1(2),
  ),
  ...[common2, common3].flatMap((common) =>
    kinds2.map(([kind, rest]) =>
      opening(lockup, `event CreateLockup${kind}Stream(uint256 indexed streamId, ${common}, ${rest})`, lockup2),
    ),
  ),
  // Lockup 4.0: streams of segments and tranches tell what they told before.
  opening(lockup, `event CreateLockupLinearStream(uint256 indexed streamId, ${common3}, ${linear4})`, lockup2),
  opening(
    lockup,
    'event CreateLockupPriceGatedStream(uint256 indexed streamId, address indexed oracle, uint128 targetPrice)',
    ([streamId]) => ({ ...none, payer: null, streamId: String(streamId) }),
  ),
  ending(
    lockup,
    'event CancelLockupStream(uint256 indexed streamId, address indexed sender, address indexed recipient, uint128 senderAmount, uint128 recipientAmount)',
    ended(1, 2, 0),
  ),
  ending(
    lockup,
    'event CancelLockupStream(uint256 streamId, address indexed sender, address indexed recipient, address indexed token, uint128 senderAmount, uint128 recipientAmount)',
    ended(1, 2, 0),
  ),
  opening(
    'Sablier Flow',
    'event CreateFlowStream(uint256 streamId, address indexed sender, address indexed recipient, uint128 ratePerSecond, address indexed token, bool transferable)',
    ([id, sender, recipient, rate, token]) => ({
      ...{ ...none, streamId: String(id), payer: sender as Address, recipient: recipient as Address },
      ...{ token: token as Address, rate: flowRate(rate!), ender: sender as Address },
    }),
  ),
  opening(
    'Sablier Flow',
    'event CreateFlowStream(uint256 streamId, address creator, address indexed sender, address indexed recipient, uint128 ratePerSecond, uint40 snapshotTime, address indexed token, bool transferable)',
    ([id, , sender, recipient, rate, , token]) => ({
      ...{ ...none, streamId: String(id), payer: sender as Address, recipient: recipient as Address },
      ...{ token: token as Address, rate: flowRate(rate!), ender: sender as Address },
    }),
  ),
  opening(
    'Sablier Flow',
    'event RestartFlowStream(uint256 indexed streamId, address indexed sender, uint128 ratePerSecond)',
    ([id, sender, rate]) => ({
      ...{ ...none, streamId: String(id), payer: sender as Address },
      ...{ rate: flowRate(rate!), ender: sender as Address },
    }),
  ),
  {
    ...{ system: 'Sablier Flow', act: 'funded' },
    signature: 'event DepositFlowStream(uint256 indexed streamId, address indexed funder, uint128 amount)',
    read: ([id, funder, amount]) => ({
      ...{ ...none, streamId: String(id), payer: funder as Address, deposit: amount as bigint },
    }),
  },
  ending(
    'Sablier Flow',
    'event PauseFlowStream(uint256 indexed streamId, address indexed sender, address indexed recipient, uint256 totalDebt)',
    ended(1, 2, 0),
  ),
  ending(
    'Sablier Flow',
    'event VoidFlowStream(uint256 indexed streamId, address indexed sender, address indexed recipient, address caller, uint256 newTotalDebt, uint256 writtenOffDebt)',
    ended(1, 2, 0),
  ),
  opening(
    'LlamaPay',
    'event StreamCreated(address indexed from, address indexed to, uint216 amountPerSec, bytes32 streamId)',
    llama,
  ),
  opening(
    'LlamaPay',
    'event StreamCreatedWithReason(address indexed from, address indexed to, uint216 amountPerSec, bytes32 streamId, string reason)',
    llama,
  ),
  ending(
    'LlamaPay',
    'event StreamCancelled(address indexed from, address indexed to, uint216 amountPerSec, bytes32 streamId)',
    ended(0, 1, 3),
  ),
  opening(
    'Superfluid',
    'event FlowUpdated(address indexed token, address indexed sender, address indexed receiver, int96 flowRate, int256 totalSenderFlowRate, int256 totalReceiverFlowRate, bytes userData)',
    ([token, sender, receiver, rate]) => ({
      ...{ ...none, payer: sender as Address, recipient: receiver as Address, token: token as Address },
      ...{ rate: { perSecond: rate as bigint, decimals: null }, ender: sender as Address },
    }),
  ),
]
