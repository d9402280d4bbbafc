import { getAddress } from 'viem'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { account } from '../../../test/harness/node/block.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import { renderConfig } from './renderConfig.ts'

const [here, there] = [account(0x1111), account(0x2222)]

function rendered(name: string, facts: Partial<ContractFacts>): string {
  const whole: ContractFacts = { address: here, form: 'contract', balance: 0n, codes: [], forwards: false, ...facts }
  return renderConfig({
    ...{ chain: { name: 'base', id: 8453 }, rpc: 'env:RPC_URL', schema: null, block: 1, proposals: [] },
    contracts: [{ name, kind: null, role: 'protected', facts: whole, pointers: [] }],
    prices: { tokens: new Map(), native: [] },
  })
}

test('of one side of a bridge it says what the other is, and what to write so that both are compared', () => {
  const bridge = { other: there, why: '' }
  const token = rendered('usdc', { bridge: { ...bridge, getter: 'remoteToken()', kind: 'token' } })
  expect(token).toContain(`the other is ${getAddress(there)} on another chain, as remoteToken() says.`)
  expect(token).toContain('`released: { contract: $usdc, supply: true }`')
  const escrow = rendered('escrow', { bridge: { ...bridge, getter: 'OTHER_BRIDGE()', kind: 'bridge' } })
  expect(escrow).toContain('`locked: { contract: $escrow, holds: $TOKEN }`')
  // It is a note: what only the other chain can tell is not made up.
  expect(parse(escrow).contracts).toEqual({ escrow: { address: getAddress(here) } })
  expect(rendered('vault', {})).not.toContain('bridge')
})
