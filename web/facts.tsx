import {
  groupDigits,
  isSaidElsewhere,
  labelWords,
  type Token,
  timeWords,
  tokenOf,
  unitsWords,
} from '../src/lib/factWords.ts'
import { AddressValue, HexValue } from './hexValue.tsx'
import type { Json } from './types.ts'

/**
 * What a finding knows: decoded call and event, amounts, actors. All of it may be written by an attacker.
 *
 * @param token Where the facts that these are part of speak of a token: how its amounts are shown.
 */
export function Facts({
  facts,
  chainId,
  token,
}: {
  facts: { [name: string]: Json }
  chainId: number
  token?: Token | undefined
}) {
  const entries = Object.entries(facts)
    .filter(([name]) => !isSaidElsewhere(name, facts))
    .toSorted(([a], [b]) => rank(a) - rank(b))
  if (entries.length === 0) return <p className="quiet">It tells no more than its title.</p>
  const shownIn = token ?? tokenOf(facts)
  return (
    <table className="facts">
      <tbody>
        {entries.map(([name, value]) => (
          <tr key={name}>
            <th scope="row" title={name}>
              {labelWords(name)}
            </th>
            <td>
              <Fact value={timeWords(name, value) ?? value} chainId={chainId} token={shownIn} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What people ask first: what happened, how much, and who did it. The rest keeps its order. */
const first = [
  'event',
  'call',
  'valueMoved',
  'outflow',
  'amount',
  'share',
  'window',
  'recipients',
  'actor',
  'sender',
  'tx.from',
  'from',
  'to',
]
const rank = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length)

const mostItems = 50

function Fact({ value, chainId, token }: { value: Json; chainId: number; token: Token | undefined }) {
  if (value === null) return <span className="quiet">none</span>
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return <code>{groupDigits(String(value))}</code>
  if (typeof value === 'string') return <Word text={value} chainId={chainId} token={token} />
  if (!Array.isArray(value)) return <Facts facts={value} chainId={chainId} token={token} />
  if (value.length === 0) return <span className="quiet">none</span>
  return (
    <ol className="items">
      {[...value.slice(0, mostItems).entries()].map(([position, item]) => (
        <li key={position}>
          <Fact value={item} chainId={chainId} token={token} />
        </li>
      ))}
      {value.length > mostItems && <li className="quiet">and {value.length - mostItems} more</li>}
    </ol>
  )
}

function Word({ text, chainId, token }: { text: string; chainId: number; token: Token | undefined }) {
  if (/^0x[0-9a-f]{40}$/i.test(text)) return <AddressValue address={text} chainId={chainId} />
  if (/^0x[0-9a-f]{13,}$/i.test(text)) return <HexValue whole={text} noun="data" />
  if (token && /^\d+$/.test(text))
    return (
      <code title={text}>
        {groupDigits(unitsWords(text, token.decimals))} {token.symbol}
      </code>
    )
  if (/^-?\d+(\.\d+)?$/.test(text)) return <code title={text}>{groupDigits(text)}</code>
  return <span className="word">{text}</span>
}
