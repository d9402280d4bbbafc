import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, event, tx } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import { outflowCap } from '../outflowCap.ts'

const numbered = (n: number): Address => account(n * 0x1111)
const [treasury, second, usdc, share, other, thief, factory] = [1, 2, 3, 4, 5, 6, 7].map(numbered) as Address[]
const safe = contract('treasury', treasury!, { kind: 'safe' })
const held = 1_000n
const options = { windows: { block: 25, '1h': 35 } }

/** A Safe of 1,000 dollars. */
function treasuryScene(names: Contract[] = []) {
  const world = new World().token(usdc!, 'USDC', 0).token(share!, 'SHARE', 0).holds(usdc!, treasury!, held)
  const watch = scene(outflowCap, [safe], { options, names, world: world.settle() })
  const pay = (to: Address, amount: bigint, logs: ReturnType<typeof transferLog>[] = [], before = held) => {
    world.holds(usdc!, treasury!, before - amount)
    const paid = transferLog(usdc!, { from: treasury!, to, value: amount })
    return watch.see({ transactions: [tx({ logs: [paid, ...logs] })] }).claims
  }
  return { world, watch, pay }
}

const severities = (claims: readonly { severity?: string }[]) => claims.map(({ severity }) => severity ?? 'paged')

describe('what goes to an account of the config', () => {
  const named = (rest: Partial<Contract>) => [contract('second', second!, rest)]

  test('is told of and pages nobody where it holds for itself', () => {
    for (const kind of ['safe', 'timelock']) {
      const claims = treasuryScene(named({ kind })).pay(second!, 1_000n)
      expect(claims).toMatchObject([
        { severity: 'medium', title: '1,000 USDC (0x0000…3333) (100 %) left treasury in one block, to second' },
      ])
      expect(claims[0]).not.toHaveProperty('measured')
    }
  })

  test('pages nobody, too, where it owned the payer and has it still, though it is not protected', () => {
    const paid = (owner: Address, got: bigint) => {
      const { world, pay } = treasuryScene(named({ kind: 'safe', role: 'dependency' }))
      world.set(`call ${treasury} 0x8da5cb5b`, word(owner)).holds(usdc!, second!, 7n).settle()
      world.holds(usdc!, second!, 7n + got)
      return severities(pay(second!, 1_000n))
    }
    expect(paid(second!, 1_000n)).toEqual(['medium'])
    expect(paid(second!, 999n)).toContain('paged')
    expect(paid(thief!, 1_000n)).toContain('paged')
  })

  test('pages where it may be somebody else’s there, or is only relied on', () => {
    for (const rest of [{}, { kind: 'erc4626' }, { kind: 'safe', role: 'dependency' as const }])
      expect(severities(treasuryScene(named(rest)).pay(second!, 250n))).toEqual(['paged'])
  })

  test('does not cover what goes to others beside it', () => {
    const { pay } = treasuryScene(named({ kind: 'safe' }))
    const toThief = transferLog(usdc!, { from: treasury!, to: thief!, value: 250n })
    expect(severities(pay(second!, 500n, [toThief]))).toEqual(['medium', 'paged'])
  })
})

describe('what comes back as shares', () => {
  const asWord = (address: Address) => word(address)
  const minted = (amount: bigint, to = treasury!) => transferLog(share!, { from: zeroAddress, to, value: amount })
  /** `lay`: what lies in the vault before; `worth`: what 240 shares are worth. */
  function vaultScene({ lay = 500n, worth = 500n, asset = usdc!, names = [] as Contract[] } = {}) {
    const scene = treasuryScene(names)
    scene.world
      .set(`call ${share} 0x38d52e0f`, asWord(asset))
      .set(`call ${share} 0x07a2d13a${word(240n).slice(2)}`, worth)
      .holds(usdc!, share!, lay)
      .settle()
    return scene
  }

  test('pages nobody, to 95 % of what was paid in', () => {
    expect(severities(vaultScene({ worth: 475n }).pay(share!, 500n, [minted(240n)]))).toEqual(['medium'])
    expect(severities(vaultScene({ worth: 474n }).pay(share!, 500n, [minted(240n)]))).toContain('paged')
  })

  test('pages where a stranger gets the shares, or they are of something else', () => {
    expect(severities(vaultScene().pay(share!, 500n, [minted(240n, thief!)]))).toContain('paged')
    expect(severities(vaultScene({ asset: other! }).pay(share!, 500n, [minted(240n)]))).toContain('paged')
    expect(severities(vaultScene().pay(share!, 500n))).toContain('paged')
  })

  test('pages for a vault that says so itself and in which less lay than comes in, unless the config names it', () => {
    expect(severities(vaultScene({ lay: 499n }).pay(share!, 500n, [minted(240n)]))).toContain('paged')
    const names = [contract('lender', share!, { role: 'dependency' })]
    expect(severities(vaultScene({ lay: 0n, names }).pay(share!, 500n, [minted(240n)]))).toEqual(['medium'])
  })

  test('bears one payment only', () => {
    const again = transferLog(usdc!, { from: treasury!, to: thief!, value: 400n })
    const { pay } = vaultScene()
    expect(severities(pay(share!, 500n, [again, minted(240n)]))).toContain('paged')
  })

  test('takes the deposit tokens of a lender one for one', () => {
    const scene = treasuryScene()
    scene.world.set(`call ${share} 0xb16a19de`, asWord(usdc!)).holds(usdc!, share!, 500n).settle()
    expect(severities(scene.pay(share!, 500n, [minted(500n)]))).toEqual(['medium'])
    const short = treasuryScene()
    short.world.set(`call ${share} 0xb16a19de`, asWord(usdc!)).holds(usdc!, share!, 500n).settle()
    expect(severities(short.pay(share!, 500n, [minted(474n)]))).toContain('paged')
  })

  test('pages where nobody answers what the shares are worth', () => {
    const scene = vaultScene()
    scene.world.down.add('0x07a2d13a')
    expect(severities(scene.pay(share!, 500n, [minted(240n)]))).toContain('paged')
  })
})

describe('shares that burn', () => {
  /** A Safe of 500 shares, which said that 500 of them are worth so much. */
  function burned(
    got: bigint,
    { to = zeroAddress as Address, receiver = treasury!, asset = usdc!, worth = 600n } = {},
  ) {
    const { world, watch } = treasuryScene()
    world
      .set(`call ${share} 0x38d52e0f`, word(asset))
      .set(`call ${share} 0x07a2d13a${word(500n).slice(2)}`, worth)
      .holds(share!, treasury!, 500n)
      .settle()
      .holds(share!, treasury!, 0n)
      .holds(usdc!, treasury!, held + got)
    const logs = [
      transferLog(share!, { from: treasury!, to, value: 500n }),
      transferLog(usdc!, { from: share!, to: receiver, value: got }),
    ]
    return severities(watch.see({ transactions: [tx({ logs })] }).claims)
  }

  test('page nobody where what they stood for came, to 95 %', () => {
    expect(burned(570n)).toEqual(['medium'])
    expect(burned(569n)).toContain('paged')
  })

  test('page where another gets it, it is something else, or they only went away', () => {
    expect(burned(600n, { receiver: thief! })).toContain('paged')
    expect(burned(600n, { asset: other! })).toContain('paged')
    expect(burned(600n, { to: thief! })).toContain('paged')
  })
})

describe('a new Safe of the same signers', () => {
  const owners = [11, 12, 13].map(numbered)
  const setup =
    'event SafeSetup(address indexed initiator, address[] owners, uint256 threshold, address initializer, address fallbackHandler)'
  const creation = 'event ProxyCreation(address indexed proxy, address singleton)'
  const manifest = createRequire(import.meta.url).resolve('@safe-global/safe-contracts/package.json')
  const artifact = 'build/artifacts/contracts/proxies/SafeProxyFactory.sol/SafeProxyFactory.json'
  const factoryCode: Hex = JSON.parse(readFileSync(join(dirname(manifest), artifact), 'utf8')).deployedBytecode
  const list = (of: readonly Address[]): Hex =>
    `0x${[word(32n), word(BigInt(of.length)), ...of.map((each) => word(each))].map((each) => each.slice(2)).join('')}`

  function madeScene({
    of = owners.toReversed(),
    threshold = 2n,
    initializer = zeroAddress as Address,
    code = factoryCode,
    told = true,
    ownCode = '0xaa' as Hex,
  } = {}) {
    const scene = treasuryScene()
    scene.world
      .set(`call ${treasury} 0xa0e67e2b`, list(owners))
      .set(`call ${treasury} 0xe75235b8`, 2n)
      .set(`code ${factory}`, code)
      .set(`code ${treasury}`, '0xaa')
      .set(`code ${second}`, ownCode)
      .set(`storage ${treasury} ${word(0n)}`, word(other!))
      .set(`storage ${second} ${word(0n)}`, word(other!))
    const made = event(setup, second!, {
      ...{ initiator: factory!, owners: of, threshold, initializer, fallbackHandler: zeroAddress },
    })
    const by = event(creation, factory!, { proxy: second!, singleton: other! })
    scene.watch.see({ transactions: [tx({ logs: told ? [made, by] : [made] })] })
    return severities(scene.pay(second!, 1_000n))
  }

  test('may be paid everything, in whatever order they are named and if more of them must sign', () => {
    expect(madeScene()).toEqual(['medium'])
    expect(madeScene({ threshold: 3n })).toEqual(['medium'])
  })

  test.each([
    ['one more of whom signs', { of: [...owners, thief!] }],
    ['one of whom is another', { of: [owners[0]!, owners[1]!, thief!] }],
    ['of whom fewer must sign', { threshold: 1n }],
    ['that ran code when it was made', { initializer: thief! }],
    ['that a factory of nobody made', { code: '0x6001' as Hex }],
    ['that no factory tells of', { told: false }],
    ['that runs other code', { ownCode: '0xbb' as Hex }],
  ])('but not one %s', (_, change) => {
    expect(madeScene(change)).toContain('paged')
  })
})
