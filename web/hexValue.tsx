import { useState } from 'react'
import { getAddress } from 'viem/utils'
import { explorerLink } from './explorerLink.ts'
import { Icon } from './icons.tsx'
import { useLive } from './live.ts'
import type { Chain, Status } from './types.ts'

/** An address: by its name in the config where it has one, else short; whole and checksummed on hover and when copied. */
export function AddressValue({ address, chainId }: { address: string; chainId: number }) {
  const { status } = useLive()
  const chain = chainOf(status, chainId)
  const whole = getAddress(address)
  return (
    <HexValue
      whole={whole}
      name={nameOf(status, chainId, address)}
      link={explorerLink(chain, 'address', whole)}
      noun="address"
    />
  )
}

export function TransactionValue({ hash, chainId }: { hash: string; chainId: number }) {
  const chain = chainOf(useLive().status, chainId)
  return <HexValue whole={hash} link={explorerLink(chain, 'tx', hash)} noun="hash" />
}

type HexProps = { whole: string; noun: string; name?: string | undefined; link?: string | null }

export function HexValue({ whole, noun, name, link }: HexProps) {
  const short = whole.length > 14 ? `${whole.slice(0, 6)}…${whole.slice(-4)}` : whole
  return (
    <span className="hex">
      <span title={whole}>
        {name !== undefined && <b>{name} </b>}
        <code>{short}</code>
      </span>
      <Copy text={whole} noun={noun} />
      {link && (
        <a className="tool" href={link} target="_blank" rel="noreferrer noopener" title="Show in the explorer">
          <Icon name="out" />
          <span className="unseen">Show {noun} in the explorer</span>
        </a>
      )}
    </span>
  )
}

function Copy({ text, noun }: { text: string; noun: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <button type="button" className="tool" title={`Copy the whole ${noun}`} onClick={() => void copy()}>
      <Icon name={copied ? 'check' : 'copy'} />
      <span className="unseen" aria-live="polite">
        {copied ? 'Copied' : `Copy ${noun} ${text}`}
      </span>
    </button>
  )
}

export function chainOf(status: Status | null, chainId: number): Chain | undefined {
  return status?.chains.find(({ id }) => id === chainId)
}

/** The name that the config gives to an address; undefined: none that a monitor watches. */
export function nameOf(status: Status | null, chainId: number, address: string): string | undefined {
  return status?.monitors
    .filter((monitor) => monitor.chainId === chainId)
    .flatMap(({ on }) => on)
    .find((contract) => contract.address === address.toLowerCase())?.name
}
