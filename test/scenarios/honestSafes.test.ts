import { encodeFunctionData, type Hex, parseEther, zeroAddress } from 'viem'
import { readSafeArtifact } from '../../demo/readSafeArtifact.ts'
import { acmeSafe, batchOf } from '../../demo/scenarios/acmeSafe.ts'
import { acmeVault, dollars } from '../../demo/scenarios/acmeVault.ts'
import { readPackaged } from '../../demo/scenarios/readPackaged.ts'
import type { Stage } from '../../demo/scenarios/stage.ts'
import type { Bound } from '../../demo/send.ts'
import { type Honest, testHonest } from './testHonest.ts'

/** What the signers of a Safe do that nobody must be woken for. */
testHonest({
  'one owner of a Safe is exchanged, and payments go on': ownerExchanged,
  'a Safe moves nearly all to a new Safe of the same signers': safeMoved,
  'a Safe puts half of its dollars into a vault, and takes them out again': halfDeposited,
  'a Safe pays a third of its dollars to whom it has always paid': oldPayee,
  'a Safe wraps half of its coins': coinsWrapped,
  'the owners of a Safe set the fallback handler that Safe publishes': handlerSet,
})

async function ownerExchanged(stage: Stage): Promise<Honest> {
  const { safe, execute, payment, signers } = await acmeSafe(stage)
  const [ana, next] = [stage.accounts[12]!, stage.accounts[19]!]
  const ordinary = async () => {
    for (const amount of ['12000', '4000']) {
      await execute(payment(ana, amount))
      await stage.mine(20)
    }
  }
  return {
    protect: [safe.address],
    ordinary,
    async twin() {
      const owners = (await stage.read<Hex[]>(safe, 'getOwners')).map((each) => each.toLowerCase() as Hex)
      const leaving = owners.indexOf(signers[2]!)
      const args = [leaving === 0 ? `0x${'1'.padStart(40, '0')}` : owners[leaving - 1], signers[2], next]
      await execute({
        to: safe.address,
        data: encodeFunctionData({ abi: safe.abi, functionName: 'swapOwner', args }),
      })
      await ordinary()
    },
  }
}

async function paying(stage: Stage) {
  const acme = await acmeSafe(stage)
  const ana = stage.accounts[12]!
  return {
    ...{ acme, ana },
    async ordinary() {
      for (const amount of ['12000', '4000', '9000']) {
        await acme.execute(acme.payment(ana, amount))
        await stage.mine(20)
      }
    },
  }
}

const dataOf = ({ abi }: Bound, functionName: string, args: readonly unknown[]) =>
  encodeFunctionData({ abi, functionName, args })

async function safeMoved(stage: Stage): Promise<Honest> {
  const { acme, ordinary } = await paying(stage)
  const { deploy, call, client, mine } = stage
  return {
    protect: [acme.safe.address],
    ordinary,
    async twin() {
      const factory = await deploy(readSafeArtifact('SafeProxyFactory'))
      const setup = [acme.signers, 2n, zeroAddress, '0x', zeroAddress, zeroAddress, 0n, zeroAddress]
      const args = [acme.singleton.address, dataOf(acme.singleton, 'setup', setup), 7n]
      const create = { ...factory, functionName: 'createProxyWithNonce', args, account: stage.accounts[0]! }
      const { result } = await client.simulateContract(create)
      await call(factory, 'createProxyWithNonce', args)
      await mine(5)
      await acme.execute(acme.payment(result as Hex, '2400000'))
    },
  }
}

async function halfDeposited(stage: Stage): Promise<Honest> {
  const { acme, ordinary } = await paying(stage)
  const { vault } = await acmeVault(stage, { asset: acme.asset })
  const { address } = acme.safe
  const amount = dollars('1250000')
  return {
    protect: [address],
    ordinary,
    async twin() {
      const approval = { to: acme.asset.address, data: dataOf(acme.asset, 'approve', [vault.address, amount]) }
      const deposit = { to: vault.address, data: dataOf(vault, 'deposit', [amount, address]) }
      await acme.execute(batchOf(acme, [approval, deposit]))
      await stage.mine(50)
      await acme.execute({ to: vault.address, data: dataOf(vault, 'withdraw', [amount, address, address]) })
      await ordinary()
    },
  }
}

async function oldPayee(stage: Stage): Promise<Honest> {
  const { acme, ana, ordinary } = await paying(stage)
  return { protect: [acme.safe.address], ordinary, twin: () => acme.execute(acme.payment(ana, '850000')) }
}

async function coinsWrapped(stage: Stage): Promise<Honest> {
  const { acme, ordinary } = await paying(stage)
  const weth = await stage.deploy(readPackaged('@uniswap/v2-periphery', 'build/WETH9.json'))
  await stage.call(weth, 'deposit', [], { value: parseEther('60') })
  await stage.pay(acme.safe.address, parseEther('100'))
  const wrap = { to: weth.address, value: parseEther('50'), data: dataOf(weth, 'deposit', []) }
  return { protect: [acme.safe.address], ordinary, twin: () => acme.execute(wrap) }
}

async function handlerSet(stage: Stage): Promise<Honest> {
  const { acme, ordinary } = await paying(stage)
  return {
    protect: [acme.safe.address],
    ordinary,
    async twin() {
      const handler = await stage.deploy(readSafeArtifact('CompatibilityFallbackHandler'))
      await stage.mine(3)
      const data = dataOf(acme.safe, 'setFallbackHandler', [handler.address])
      await acme.execute({ to: acme.safe.address, data })
    },
  }
}
