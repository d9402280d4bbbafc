import { maxUint256, parseEther } from 'viem'
import { describe, expect, test } from 'vitest'
import { readArtifact } from '../../demo/artifact.ts'

import { acmeVault, grant } from '../../demo/scenarios/acmeVault.ts'
import type { Scenario } from '../../demo/scenarios/scenario.ts'
import { type Outcome, playScenario } from './playScenario.ts'

const amount = (tokens: string) => parseEther(tokens)
const moods = { reverts: 1, 'burns all gas': 2, 'answers 1 MB': 3 } as const

/**
 * A bank holds a token that turns foul, before `tocsin init` looks at it or after. Meanwhile a role of a sound vault is
 * stolen: who watches that must not be troubled.
 */
function foul(mood: number, when: 'before' | 'after'): Scenario {
  return {
    ...{ name: 'foul-token', theme: 'dependency', attack: '', twin: '' },
    async build(stage) {
      const { deploy, call, accounts } = stage
      const token = await deploy(readArtifact('FoulToken'))
      const bank = await deploy(readArtifact('EntryBank'), { args: [token.address] })
      const acme = await acmeVault(stage)
      const users = accounts.slice(12, 15)
      for (const from of users) {
        await call(token, 'transfer', [from, amount('5000')])
        await call(token, 'approve', [bank.address, maxUint256], { from })
        await call(bank, 'put', [amount('2000')], { from })
      }
      const takeSome = async () => {
        for (const from of users) await call(bank, 'take', [amount('300')], { from })
      }
      return {
        protect: [token.address, bank.address, acme.vault.address],
        victims: [acme.vault.address],
        async ordinary() {
          await takeSome()
          if (when === 'before') await call(token, 'turn', [mood])
        },
        async attack() {
          if (when === 'after') await call(token, 'turn', [mood])
          await takeSome()
          await grant(stage, acme, 'strategist', accounts[20]!)
        },
        twin: takeSome,
      }
    },
  }
}

/** Who was blind in a scenario, and all that was said of it. */
const blindness = ({ blind }: Outcome) => ({
  monitors: new Set(blind.map(({ monitor }) => monitor.replace(/^.*-(?=entries)/, ''))),
  reasons: blind.map(({ reason }) => reason).join('\n'),
})

const causes = {
  reverts: /does not say/,
  'burns all gas': /could not be read|cannot be judged: .*gas/i,
  'answers 1 MB': /does not say/,
} as const

describe.each(Object.keys(moods) as (keyof typeof moods)[])('a watched token that %s', (name) => {
  test.each(['before', 'after'] as const)(
    'from %s init on: those concerned say so, the others go on',
    async (when) => {
      const outcome = await playScenario(foul(moods[name], when))
      expect(outcome.found.map(({ detector }) => detector)).toContain('privileged-change')
      expect([...outcome.falsely, ...outcome.beforehand]).toEqual([])
      const { monitors, reasons } = blindness(outcome)
      for (const concerned of ['large-outflow', 'large-transfer', 'entries']) expect(monitors).toContain(concerned)
      expect(reasons).toMatch(causes[name])
      // Nobody is blind for a contract that has nothing to do with it.
      for (const each of outcome.blind)
        expect(each.reason).toMatch(/0x5fbdb2315678afecb367f032d93f642f64180aa3|contract|foul/i)
    },
    120_000,
  )
})

test('a watched contract that is gone: that is told, those who asked it are blind, the others go on', async () => {
  const outcome = await playScenario({
    ...{ name: 'gone', theme: 'access', attack: '', twin: '' },
    async build(stage) {
      const { deploy, call, pay, accounts, client, mine } = stage
      const asset = await deploy(readArtifact('DemoDollar'), { args: [accounts[0]] })
      const bank = await deploy(readArtifact('NaiveVault'), { args: [asset.address] })
      const acme = await acmeVault(stage)
      await call(asset, 'mint', [accounts[12], 1_000_000n])
      await call(asset, 'approve', [bank.address, maxUint256], { from: accounts[12]! })
      const put = () => call(bank, 'deposit', [1_000n, accounts[12]], { from: accounts[12]! })
      return {
        protect: [bank.address, acme.vault.address],
        victims: [bank.address, acme.vault.address],
        async ordinary() {
          await put()
          await acme.use()
        },
        async attack() {
          // What `selfdestruct` left behind until Cancun, and still does on chains that have not followed.
          // The node writes it into its newest block, which must be one of the attack's own.
          await mine(1)
          await client.setCode({ address: bank.address, bytecode: '0x' })
          await pay(bank.address, 0n)
          await mine(2)
          await grant(stage, acme, 'strategist', accounts[20]!)
        },
        async twin() {
          await put()
        },
      }
    },
  })
  const titles = outcome.found.map(({ title }) => title)
  expect(titles).toContainEqual(expect.stringMatching(/^STRATEGIST_ROLE of vault2? was granted/))
  expect(titles).toContainEqual(expect.stringMatching(/[Cc]ode of vault /))
  expect(outcome.blind.map(({ reason }) => reason)).toContainEqual(expect.stringMatching(/vault/))
  expect([...outcome.falsely, ...outcome.beforehand]).toEqual([])
}, 120_000)
