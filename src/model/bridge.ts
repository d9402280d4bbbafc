import type { Address, Hex } from './chain.ts'

/** What a bridge does: it takes something on one chain (locks or burns it) and gives it on another (releases or mints it). */
export type BridgeSide = 'locked' | 'released'

/** One half of a message that went over a bridge, as one chain tells it. */
export type BridgeLeg = {
  side: BridgeSide
  /** Names the message: the same on both sides, and never used again. At most 200 characters. */
  message: string
  /** What was released, or has to be released for what was locked; null: the event does not say. */
  token: string | null
  /** So too, in base units of the released token, as a decimal string. */
  amount: string
  recipient: string | null
  transactionHash: Hex
  logIndex: number
  /** Position among the logs of its transaction. */
  position: number
}

/** How much lies on one side of a bridge, where messages have no ids: in base units of the released token, as a decimal string. */
export type BridgeTotal = { side: BridgeSide; amount: string }

/** Where one side of a bridge stands. */
export type BridgeEnd = { chain: { name: string; id: number }; contract: string; address: Address }

/** The two sides of a bridge, and what they owe each other. */
export type Bridge = {
  locked: BridgeEnd
  released: BridgeEnd
  /** By what both sides are compared. Of totals, by how many millionths more may be released than is locked. */
  by: 'messages' | { slackPpm: number }
  /** Largest share that the bridge may keep, in millionths; null: any. */
  feePpm: number | null
  /** How far the chain of the locks must have been read past a release, for a lock that is not there to be missing. */
  graceSeconds: number
  /** When a lock without a release is late. */
  lateSeconds: number
  /** How long one half waits for the other at most. */
  rememberSeconds: number
}
