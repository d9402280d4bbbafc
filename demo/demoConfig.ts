import type { Abi } from 'viem'
import type { ContractName, Protocol } from './protocol.ts'

/** What the config says of each contract beyond address and ABI. */
const extras: Partial<Record<ContractName, string>> = {
  dusd: 'kind: erc20, role: dependency',
  votes: 'kind: erc20',
  vault: 'kind: erc4626',
  feed: 'kind: chainlink-feed',
  governor: 'kind: governor',
  timelock: 'kind: timelock',
  treasury: 'kind: safe',
}

/**
 * The config of the running demo, and the ABIs to be written beside it as `abi/NAME.json`.
 *
 * Its limits lie well above the ordinary traffic and well below what each attack takes.
 */
export function demoConfig({ contracts }: Protocol, rpcUrl: string): { text: string; abis: Map<ContractName, Abi> } {
  const names = Object.keys(contracts) as ContractName[]
  const lines = names.map((name) => {
    const extra = extras[name] ? `, ${extras[name]}` : ''
    return `  ${name}: { chain: demo, address: "${contracts[name].address}", abi: ./abi/${name}.json${extra} }`
  })
  const text = `# The demo: a local chain, Acme Vaults on it, and somebody to attack it. Written anew by every start.
protocol: Acme Vaults
chains:
  demo: { id: 31337, rpc: ["${rpcUrl.replace(/^http/, 'ws')}"] }
contracts:
${lines.join('\n')}
${monitors}${channels}`
  return { text, abis: new Map(names.map((name) => [name, contracts[name].abi])) }
}

const monitors = `monitors:
  big-withdrawal:
    use: expression
    on: vault
    when: event Withdraw if assets > 50_000e6
    options: { title: "More than 50,000 at once out of {target}, to {receiver}" }
    severity: high
  flash-loan:
    use: expression
    on: market
    when: event FlashLoan if amount > 100_000e6
    options: { title: "{borrower} took a flash loan of more than 100,000 from {target}" }
    severity: medium
  price-jump:
    use: expression
    on: feed
    when: event AnswerUpdated if current > 300_000_000 or current < 130_000_000
    options: { title: "{target} reports a price outside of 1.30 to 3.00" }
    severity: high
  drain:
    use: outflow-cap
    on: [vault, market]
    options: { token: $dusd, windows: { block: 5, 1h: 20 } }
    severity: critical
  treasury-drain:
    use: outflow-cap
    on: treasury
    options: { windows: { block: 10, 1h: 25 } }
    severity: critical
  treasury-transfer:
    use: large-transfer
    on: treasury
    options: { token: $dusd, amount: "10000" }
    severity: high
  privileges:
    use: privileged-change
    on: [vault, market, feed, rewards, timelock, treasury]
    severity: high
  probing:
    use: transaction-rate
    on: [vault, market, timelock]
    options: { by: [], failed: 8 per 5m }
    severity: high
  share-price:
    use: state
    on: vault
    options: { invariant: convertToAssets(1e6) >= 950_000 }
    severity: critical
  books:
    use: backing
    on: [vault, market]
    severity: critical
  entered-again:
    use: reentrancy
    on: [vault, market]
  pushed-price:
    use: price-manipulation
    on: market
    options: { sources: [$pair] }
  new-contracts:
    use: fresh-contract
    on: [vault, market]
  one-attack:
    use: attack-signs
    on: [vault, market, feed, treasury]
  feed-alive:
    use: absence
    on: feed
    options: { of: event AnswerUpdated, within: 300 }
    severity: high
inhibit:
  - { when: { detector: attack-signs }, mute: { severity: [low, medium, high, critical] }, equal: [transaction] }
  # What does not hold since the very block of the attack is what it did.
  - { when: { detector: attack-signs }, mute: { detector: [state, backing] }, equal: [contract, block] }
`

/** Its secrets are written by `openInbox`, which takes what it sends. */
const channels = `channels:
  terminal:
    use: webhook
    options: { url: "file:./inbox.url", signingSecret: "file:./inbox.key", allowPrivateAddress: true }
`
