import {
  type Abi,
  encodeDeployData,
  encodeFunctionData,
  type Hex,
  keccak256,
  maxUint256,
  parseAbi,
  parseEther,
  parseEventLogs,
  parseUnits,
  stringToHex,
  zeroAddress,
} from 'viem'
import { readArtifact } from './artifact.ts'
import type { DemoClient } from './connect.ts'
import { type Accounts, type Addresses, assignAccounts, bindProtocol, type Protocol } from './protocol.ts'
import { readSafeArtifact } from './readSafeArtifact.ts'
import { send, submit, succeeded } from './send.ts'

const dollars = (amount: string) => parseUnits(amount, 6)
const acme = (amount: string) => parseUnits(amount, 18)

const timelockDelaySeconds = 10n
/** Ten cents per second: the vault's four millions earn about 80 % a year, so that the share price visibly moves. */
const rewardRate = dollars('0.1')

/** Deploys Acme Vaults on a fresh chain that mines at once, gives everybody money, and checks that all went well. */
export async function deployProtocol(client: DemoClient): Promise<Protocol> {
  const accounts = assignAccounts(await client.getAddresses())
  const addresses = await deployContracts(client, accounts)
  const protocol = bindProtocol(addresses, accounts)
  await handOverTimelock(client, protocol)
  await fund(client, protocol)
  await openPositions(client, protocol)
  return protocol
}

async function deployContracts(client: DemoClient, accounts: Accounts): Promise<Addresses> {
  const { deployer, admin, upgrader, guardian, strategist } = accounts
  const create = async ({ abi, bytecode }: { abi: Abi; bytecode: Hex }, args: readonly unknown[]): Promise<Hex> => {
    const hash = await submit(client, { from: deployer, data: encodeDeployData({ abi, bytecode, args }) })
    const { contractAddress } = await succeeded(client, hash)
    if (!contractAddress) throw new Error('A deployment made no contract.')
    return contractAddress
  }
  const createOwn = (name: string, ...args: unknown[]) => create(readArtifact(name), args)

  const dusd = await createOwn('DemoDollar', deployer)
  const votes = await createOwn('AcmeToken', deployer, acme('10000000'))
  const timelock = await createOwn('TimelockController', timelockDelaySeconds, [], [zeroAddress], deployer)
  const governor = await createOwn('AcmeGovernor', votes, timelock)
  const pair = await createOwn('AcmePair', votes, dusd)
  const feed = await createOwn('AcmeFeed', admin, pair)
  const market = await createOwn('AcmeMarket', timelock, guardian, dusd, votes, feed)
  const implementation = await createOwn('AcmeVault')
  const initialize = encodeFunctionData({
    abi: readArtifact('AcmeVault').abi,
    functionName: 'initialize',
    args: [dusd, [timelock, admin], upgrader, guardian, strategist],
  })
  const vault = await createOwn('ERC1967Proxy', implementation, initialize)
  const rewards = await createOwn('AcmeRewards', timelock, dusd, vault, rewardRate)
  const treasury = await createSafe(client, accounts, create)
  return { dusd, votes, timelock, governor, pair, feed, market, vault, rewards, treasury }
}

async function createSafe(
  client: DemoClient,
  { deployer, signers }: Accounts,
  create: (artifact: { abi: Abi; bytecode: Hex }, args: readonly unknown[]) => Promise<Hex>,
): Promise<Hex> {
  const singleton = readSafeArtifact('Safe')
  const factory = readSafeArtifact('SafeProxyFactory')
  const singletonAddress = await create(singleton, [])
  const handler = await create(readSafeArtifact('CompatibilityFallbackHandler'), [])
  const factoryAddress = await create(factory, [])
  const setup = encodeFunctionData({
    abi: singleton.abi,
    functionName: 'setup',
    args: [signers, 2n, zeroAddress, '0x', handler, zeroAddress, 0n, zeroAddress],
  })
  const hash = await send(
    client,
    { address: factoryAddress, abi: factory.abi },
    'createProxyWithNonce',
    [singletonAddress, setup, 0n],
    { from: deployer },
  )
  const { logs } = await succeeded(client, hash)
  const [created] = parseEventLogs({ abi: creation, logs })
  if (!created) throw new Error('The factory made no Safe.')
  return created.args.proxy.toLowerCase() as Hex
}

const creation = parseAbi(['event ProxyCreation(address indexed proxy, address singleton)'])

/** From here on only the governor proposes, and the deployer has no say. */
async function handOverTimelock(client: DemoClient, { contracts, accounts }: Protocol): Promise<void> {
  const { timelock, governor } = contracts
  const from = accounts.deployer
  const role = (name: string) => keccak256(stringToHex(name))
  await allSucceeded(client, [
    await send(client, timelock, 'grantRole', [role('PROPOSER_ROLE'), governor.address], { from }),
    await send(client, timelock, 'grantRole', [role('CANCELLER_ROLE'), governor.address], { from }),
    await send(client, timelock, 'renounceRole', [`0x${'00'.repeat(32)}`, from], { from }),
  ])
}

async function fund(client: DemoClient, { contracts, accounts }: Protocol): Promise<void> {
  const { dusd, votes, pair, market, rewards, treasury, timelock } = contracts
  const { deployer, users, voters } = accounts
  const from = { from: deployer }
  const sent: Hex[] = []
  const mint = async (to: Hex, amount: string) =>
    sent.push(await send(client, dusd, 'mint', [to, dollars(amount)], from))
  const give = async (to: Hex, amount: string) =>
    sent.push(await send(client, votes, 'transfer', [to, acme(amount)], from))

  await mint(deployer, '5000000')
  await mint(treasury.address, '2500000')
  await mint(rewards.address, '1000000')
  for (const user of users) await mint(user, '1200000')
  await give(treasury.address, '800000')
  for (const user of users) await give(user, '100000')
  for (const voter of voters) await give(voter, '1000000')
  sent.push(await submit(client, { from: deployer, to: treasury.address, value: parseEther('900'), gas: 100_000n }))

  for (const [token, spender] of [
    [dusd, pair],
    [votes, pair],
    [dusd, market],
  ] as const)
    sent.push(await send(client, token, 'approve', [spender.address, maxUint256], from))
  sent.push(await send(client, pair, 'addLiquidity', [acme('1000000'), dollars('2000000')], from))
  sent.push(await send(client, contracts.feed, 'refresh', [], { from: accounts.keeper }))
  sent.push(await send(client, market, 'supply', [dollars('3000000')], from))
  await give(timelock.address, '4600000')
  await allSucceeded(client, sent)
}

/** Deposits of four million dollars in the vault, two loans, and votes that count. */
async function openPositions(client: DemoClient, { contracts, accounts }: Protocol): Promise<void> {
  const { dusd, votes, vault, market, pair } = contracts
  const sent: Hex[] = []
  const approvals = [
    [dusd, vault],
    [dusd, market],
    [dusd, pair],
    [votes, market],
    [votes, pair],
  ] as const
  for (const [index, user] of accounts.users.entries()) {
    const from = { from: user }
    for (const [token, spender] of approvals)
      sent.push(await send(client, token, 'approve', [spender.address, maxUint256], from))
    sent.push(await send(client, vault, 'deposit', [dollars(`${540_000 + index * 50_000}`), user], from))
    if (index > 1) continue
    sent.push(await send(client, market, 'addCollateral', [acme('50000')], from))
    sent.push(await send(client, market, 'borrow', [dollars('20000')], from))
  }
  for (const voter of accounts.voters) sent.push(await send(client, votes, 'delegate', [voter], { from: voter }))
  await allSucceeded(client, sent)
}

async function allSucceeded(client: DemoClient, hashes: readonly Hex[]): Promise<void> {
  for (const hash of hashes) await succeeded(client, hash)
}
