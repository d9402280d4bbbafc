import { toEventSelector } from 'viem/utils'
import type { Address, Hex, Log } from '../../model/chain.ts'
import type { Read } from '../../model/read.ts'
import type { Allowance } from './allowancesIn.ts'

/** Of Safe's allowance module: the token zero is the chain's own coin, the time after which it starts anew in minutes. */
const setTopic = toEventSelector('SetAllowance(address,address,address,uint96,uint16)')
/** Of Permit2, by a call of the owner and by his signature. */
const [givenTopic, signedTopic] = [
  toEventSelector('Approval(address,address,address,uint160,uint48)'),
  toEventSelector('Permit(address,address,address,uint160,uint48,uint48)'),
]
export const throughTopics: readonly Hex[] = [setTopic, givenTopic, signedTopic]

/** How much can be taken in a week counts: a small sum that starts anew every minute is a large one. */
const weekMinutes = 7n * 1440n

/** A contract that may move what an account holds, and lets others have it moved. */
type Keeper = { through: Address; way: 'module' | 'allowance' }
export type AllowanceThrough = Allowance & Keeper

/** What accounts allow others to have moved by a contract that they trust, as far as it is more than nothing. */
export const allowancesThrough = (logs: readonly Log[], known: ReadonlySet<Address>): AllowanceThrough[] =>
  logs.flatMap((log) => setOf(log) ?? givenOf(log) ?? []).filter(({ spender }) => !known.has(spender))

const addressIn = (word: string): Address | null => (/^0{24}/.test(word) ? `0x${word.slice(24)}` : null)
const wordsOf = ({ topics, data }: Log): string[] => [
  ...topics.slice(1).map((topic) => topic.slice(2)),
  ...(data.slice(2, 2 + 64 * 6).match(/.{64}/g) ?? []),
]

function setOf(log: Log): AllowanceThrough | null {
  if (log.topics[0] !== setTopic) return null
  const [safe, delegate, token, amount, minutes] = wordsOf(log)
  if (!safe || !delegate || !token || !amount || !minutes) return null
  const [times, each] = [BigInt(`0x${minutes}`), BigInt(`0x${amount}`)]
  const inWeek = times > 0n ? each * (1n + weekMinutes / times) : each
  return allowanceOf({ safe, delegate, token, amount: inWeek, log, way: 'module' })
}

function givenOf(log: Log): AllowanceThrough | null {
  if (log.topics[0] !== givenTopic && log.topics[0] !== signedTopic) return null
  const [safe, token, delegate, amount] = wordsOf(log)
  if (!safe || !delegate || !token || !amount) return null
  return allowanceOf({ safe, delegate, token, amount: BigInt(`0x${amount}`), log, way: 'allowance' })
}

function allowanceOf({
  safe,
  delegate,
  token: inWords,
  amount,
  log,
  way,
}: {
  safe: string
  delegate: string
  token: string
  amount: bigint
  log: Log
  way: Keeper['way']
}): AllowanceThrough | null {
  const [owner, spender, token] = [safe, delegate, inWords].map(addressIn)
  if (!owner || !spender || !token || owner === spender || amount === 0n || /^0x0*$/.test(spender)) return null
  return { owner, spender, token, amount, log, through: log.address, way }
}

/** Whether the contract that says so may move anything of the account: anybody can write such an event. */
export const readOfPower = ({ owner, token, through, way }: AllowanceThrough): Read => {
  const [of, by] = [owner, through].map((each) => `${'0'.repeat(24)}${each.slice(2)}`)
  return way === 'module'
    ? { kind: 'call', at: 'block', to: owner, data: `0x2d9ad53d${by}` }
    : { kind: 'call', at: 'block', to: token, data: `0xdd62ed3e${of}${by}` }
}
