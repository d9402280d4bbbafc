import { keccak256, parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, call, event, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { RuleError } from '../../rules/ruleError.ts'
import { state } from './state.ts'

const [vaultAddress, tokenAddress] = [account(0x1111), account(0x2222)]
const abi = parseAbi(['function totalAssets() view returns (uint256)', 'function totalSupply() view returns (uint256)'])
const vault = contract('vault', vaultAddress, { abi })
const token = contract('token', tokenAddress)
const assets = `call ${vaultAddress} 0x01e1d114`
const supply = `call ${vaultAddress} 0x18160ddd`
const invariant = 'totalAssets() * 100 >= totalSupply() * 99'

const watching = (options: object = {}) => {
  const world = new World().set(assets, 99n).set(supply, 100n)
  return { world, watch: scene(state, [vault], { options: { invariant, ...options }, names: [token], world }) }
}

describe('an invariant', () => {
  test('is silent while it holds, to the last unit', () => {
    const { watch } = watching()
    expect(watch.see()).toMatchObject({ claims: [], blind: [], memory: {} })
  })

  test('speaks once when it stops holding, with the values', () => {
    const { world, watch } = watching()
    watch.see()
    world.set(assets, 98n)
    expect(watch.see().claims).toEqual([
      {
        key: 'episode 1',
        subject: `invariant of ${vaultAddress}`,
        address: vaultAddress,
        title:
          'Invariant of vault does not hold: totalAssets() is 98, totalSupply() is 100, totalAssets() * 100 is 9,800, totalSupply() * 99 is 9,900',
        facts: {
          invariant,
          'totalAssets()': '98',
          'totalSupply()': '100',
          'totalAssets() * 100': '9800',
          'totalSupply() * 99': '9900',
        },
        evidence: 'soft',
      },
    ])
    expect(watch.see()).toMatchObject({ claims: [], cleared: [], memory: {} })
  })

  describe('of a number that protects', () => {
    const [timelockAddress, stranger] = [account(0x3333), account(0x4444)]
    const timelock = contract('timelock', timelockAddress, { kind: 'timelock', role: 'dependency' })
    const id = keccak256('0x01')
    const data = call('function setAssets(uint256 amount)', [50n])
    const lowered = (by: Address, { plannable = true, calldata = data, known = 1_600_000_000n } = {}) => {
      const world = new World()
        .set(assets, 99n)
        .set(`call ${by} ${call('function getTimestamp(bytes32 id)', [id])}`, known)
        .set(`call ${by} ${call('function getMinDelay()')}`, 3_600n)
        .settle()
        .set(assets, 50n)
      const options = { invariant: 'totalAssets() >= 99', plannable }
      const watch = scene(state, [vault], { options, names: [timelock], world })
      const logs = [event(executed, by, { id, index: 0n, target: vaultAddress, value: 0n, data: calldata })]
      return watch.see({ transactions: [tx({ to: by, logs })] }).claims
    }
    const executed =
      'event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)'

    test('is milder where a timelock of the config changed it as it had announced', () => {
      expect(lowered(timelockAddress)).toMatchObject([
        { severity: 'medium', facts: { 'totalAssets()': '50', planned: expect.stringContaining(timelockAddress) } },
      ])
    })

    test.each([
      ['nobody had announced it', timelockAddress, { known: 0n }],
      [
        'another number had been announced',
        timelockAddress,
        { calldata: call('function setAssets(uint256 amount)', [51n]) },
      ],
      ['a stranger says so', stranger, {}],
      ['the option is not set', timelockAddress, { plannable: false }],
    ])('is as grave as ever where %s', (_, by, rest) => {
      expect(lowered(by, rest)[0]).not.toHaveProperty('severity')
    })
  })

  test('is milder where a timelock moved as much as two numbers differ by', () => {
    const executed =
      'event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)'
    const timelock = account(0x7e1)
    const lent = (amount: bigint) => {
      const supply = `call ${vaultAddress} ${call('function totalSupply()')}`
      const id = keccak256('0x02')
      const world = new World()
        .set(assets, 90n)
        .set(supply, 90n)
        .set(`call ${timelock} ${call('function getTimestamp(bytes32 id)', [id])}`, 1_600_000_000n)
        .set(`call ${timelock} ${call('function getMinDelay()')}`, 3_600n)
        .settle()
        .set(supply, 50n)
      const options = { invariant: 'totalAssets() <= totalSupply()', plannable: true }
      const named = contract('lending', timelock, { kind: 'timelock', role: 'dependency' })
      const watch = scene(state, [vault], { options, names: [named], world })
      const data = call('function lend(uint256 amount)', [amount])
      const logs = [event(executed, timelock, { id, index: 0n, target: vaultAddress, value: 0n, data })]
      return watch.see({ transactions: [tx({ to: timelock, logs })] }).claims
    }
    expect(lent(40n)).toMatchObject([{ severity: 'medium' }])
    expect(lent(39n)[0]).not.toHaveProperty('severity')
  })

  test('is over when it holds again, and the next time is another episode', () => {
    const { world, watch } = watching()
    world.set(assets, 98n)
    expect(watch.see().claims).toMatchObject([{ key: 'episode 1' }])
    world.set(assets, 99n)
    expect(watch.see()).toMatchObject({ claims: [], cleared: [vaultAddress] })
    expect(watch.see().cleared).toEqual([])
    world.set(assets, 98n)
    expect(watch.see().claims).toMatchObject([{ key: 'episode 2' }])
  })

  test('is blind where the state cannot be read, and forgets nothing over it', () => {
    const { world, watch } = watching()
    world.set(assets, 98n)
    watch.see()
    world.down.add(vaultAddress)
    expect(watch.see()).toMatchObject({
      claims: [],
      cleared: [],
      blind: ['vault: totalAssets() could not be read: nobody answers'],
      memory: {},
    })
    world.down.clear()
    expect(watch.see().claims).toEqual([])
    world.set(assets, '0x')
    expect(watch.see().blind).toHaveLength(1)
  })

  test('is asked every so many blocks', () => {
    const { world, watch } = watching({ everyBlocks: 4 })
    world.set(assets, 98n)
    const said = Array.from({ length: 8 }, () => watch.see())
    expect(said.filter(({ reads }) => reads.length > 0).map(({ block }) => block.number % 4)).toEqual([0, 0])
    expect(said.flatMap(({ claims }) => claims)).toHaveLength(1)
  })

  test('may be about several contracts, each by itself', () => {
    const world = new World().set(`balance ${vaultAddress}`, 5n).set(`balance ${tokenAddress}`, 4n)
    const watch = scene(state, [vault, token], { options: { invariant: 'this.balance >= 5', evidence: 'hard' }, world })
    expect(watch.see().claims).toMatchObject([
      { address: tokenAddress, evidence: 'hard', facts: { 'this.balance': '4' } },
    ])
  })

  test('may compare with the state before', () => {
    const { world, watch } = watching({
      invariant: 'totalSupply() <= before(totalSupply()) * 2 or $token.balance == 0',
    })
    world.settle().set(supply, 201n).set(`balance ${tokenAddress}`, 1n)
    expect(watch.see().claims).toMatchObject([{ facts: { 'before(totalSupply()) * 2': '200' } }])
  })

  test('must be an expression about state', () => {
    expect(() => watching({ invariant: 'totalAssets()' })).toThrow(RuleError)
    expect(() => watching({ invariant: 'tx.value > 5' })).toThrow(RuleError)
  })
})

describe('an invariant that the config changes', () => {
  test('is judged anew, also where the one before did not hold', () => {
    const { world, watch } = watching()
    world.set(assets, 98n)
    expect(watch.see().claims).toMatchObject([{ key: 'episode 1' }])
    const other = scene(state, [vault], { options: { invariant: 'totalAssets() >= totalSupply()' }, world })
    for (const [key, value] of watch.memory) other.memory.set(key, value)
    expect(other.see().claims).toMatchObject([{ key: 'episode 2' }])
    expect(other.see().claims).toEqual([])
    const looser = scene(state, [vault], { options: { invariant: 'totalAssets() > 0' }, world })
    for (const [key, value] of other.memory) looser.memory.set(key, value)
    expect(looser.see()).toMatchObject({ claims: [], cleared: [vaultAddress] })
  })
})
