import type { Message } from '../../src/model/message.ts'

/** A message as the alerts' stage writes it. */
export const sampleMessage: Message = {
  id: 'msg-0001',
  kind: 'firing',
  severity: 'high',
  title: 'High: 1,200,000 USDC left vault in one transaction',
  sentences: [
    'A single transaction moved 1,200,000 USDC out of vault on mainnet, 12 % of what it held.',
    'It was seen at the head of the chain, so a reorg may still take it away.',
  ],
  advice: 'Ask the signers on a second channel. If nobody knows of it, run the playbook "pause-vault".',
  facts: [
    { name: 'receiver', value: '0x000000000000000000000000000000000000dEaD' },
    { name: 'amount', value: '1,200,000 USDC' },
  ],
  links: [
    { title: 'Transaction', url: 'https://etherscan.io/tx/0xabc?a=1&b=2' },
    { title: 'Console', url: 'https://tocsin.acme.example/alerts/alert-77' },
  ],
  at: '2026-08-01T12:00:05.000Z',
  alert: {
    id: 'alert-77',
    key: 'drain:vault',
    state: 'firing',
    stage: 'provisional',
    monitor: 'drain',
    detector: 'outflow-cap',
    chain: { id: 1, name: 'mainnet' },
    contract: { name: 'vault', address: '0x00000000000000000000000000000000000000aa' },
    findings: 1,
    blockNumber: 20_000_000,
    transactionHash: '0x00000000000000000000000000000000000000000000000000000000000000ab',
  },
}

/** Everything a stranger can put into a message that should hurt whoever lays it out. */
export const hostileMessage: Message = {
  ...sampleMessage,
  title: 'High: @everyone <!channel> <@U1> </b><script>alert(1)</script> \u202egnp.exe\r\nBcc: x@evil.example',
  sentences: [
    'Claim at https://evil.example/claim or [here](https://evil.example) *now* `x` & "y" <a href="tg://x">z</a>.',
  ],
  advice: '<!here> @here &amp; </code>\u0000',
  facts: [
    { name: '<@everyone>', value: '`||</code><b>`' },
    { name: '', value: '' },
  ],
  links: [
    { title: 'Script', url: 'javascript:alert(1)' },
    { title: 'Login', url: 'https://user:password@evil.example/' },
    { title: 'a](https://evil.example)|<x>', url: 'https://a.example/x)|y>"\'<z?q=(1)' },
  ],
}

/** Too long in every place. */
export const hugeMessage: Message = {
  ...sampleMessage,
  title: `High: ${'x&<👍'.repeat(200_000)}`,
  sentences: Array.from({ length: 100 }, () => 'A sentence & <more> of *it* 👍. '.repeat(1000)),
  advice: 'Do_this & <that>. '.repeat(10_000),
  facts: Array.from({ length: 100 }, (_, index) => ({
    name: `name_${index} ${'n&'.repeat(500)}`,
    value: 'v<*'.repeat(5000),
  })),
  links: Array.from({ length: 100 }, (_, index) => ({
    title: `Link_${index} ${'t&'.repeat(500)}`,
    url: `https://a.example/${'p'.repeat(900)}`,
  })),
}
