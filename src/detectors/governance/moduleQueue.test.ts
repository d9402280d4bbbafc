import { encodeAbiParameters, encodePacked, keccak256, stringToHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, call, event, type SomeLog, type SomeTransaction, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { moduleQueue } from './moduleQueue.ts'

const [delay, governor, safe, usdc, thief, ana, roles, library] = Array.from({ length: 8 }, (_, n) =>
  account((n + 1) * 0x1111),
) as [Address, Address, Address, Address, Address, Address, Address, Address]
const day = 86_400
const start = 1_704_067_200
const ask = { txNonce: '0x45f6bd5b', queueNonce: '0x7d8356c6', txCooldown: '0x98951b56' }

/** A Safe of 10000 dollars with a Delay of a day, an Optimistic Governor and Roles. */
function queueScene(options: object = {}) {
  const world = new World().holds(usdc, safe, 10_000n)
  for (const each of [delay, governor, safe, usdc, roles]) world.set(`code ${each}`, '0x6001')
  const state = { txNonce: 0n, queueNonce: 0n, txCooldown: BigInt(day) }
  const set = (next: Partial<typeof state>) => {
    Object.assign(state, next)
    for (const name of Object.keys(ask) as (keyof typeof ask)[])
      world.set(`call ${delay} ${selector(name)}`, state[name])
  }
  set({})
  world.set(`call ${governor} ${selector('liveness')}`, BigInt(day)).settle()
  const on = [contract('delay', delay), contract('governor', governor), contract('roles', roles)]
  const names = [contract('safe', safe, { kind: 'safe' }), contract('usdc', usdc, { role: 'dependency' })]
  const watch = scene(moduleQueue, on, { world, names, options })
  const run = (logs: SomeLog[], rest: Partial<SomeTransaction> = {}, timestamp?: number) =>
    watch.see({
      transactions: [tx({ from: ana, to: delay, nonce: 0, logs, ...rest })],
      ...(timestamp !== undefined && { timestamp }),
    })
  return {
    ...{ world, watch, run, set, state },
    queue(what: Order, rest: Partial<SomeTransaction> = {}) {
      const place = state.queueNonce
      set({ queueNonce: place + 1n })
      return run([added(place, what)], rest)
    },
  }
}

const selector = (name: string) => call(`function ${name}()`)
const proposedBefore = (id: Hex) => `call ${governor} ${call('function assertionIds(bytes32)', [id])}`

type Order = { to: Address; data?: Hex; value?: bigint; operation?: number }
const pay = (to: Address, amount: bigint): Order => ({
  to: usdc,
  data: call('function transfer(address to, uint256 amount)', [to, amount]),
})
const added = (queueNonce: bigint, { to, value = 0n, data = '0x', operation = 0 }: Order) =>
  event(
    'event TransactionAdded(uint256 indexed queueNonce, bytes32 indexed txHash, address to, uint256 value, bytes data, uint8 operation)',
    delay,
    { queueNonce, txHash: word(7), to, value, data, operation },
  )
const acted = (module: Address = delay) =>
  event('event ExecutionFromModuleSuccess(address indexed module)', safe, { module })
const executeNext = ({ to, value = 0n, data = '0x', operation = 0 }: Order) =>
  call('function executeNextTx(address to, uint256 value, bytes data, uint8 operation)', [to, value, data, operation])

const tuple = [
  { name: 'to', type: 'address' },
  { name: 'operation', type: 'uint8' },
  { name: 'value', type: 'uint256' },
  { name: 'data', type: 'bytes' },
]
const hashOf = (orders: Order[]) => {
  const list = orders.map((order) => ({ value: 0n, data: '0x', operation: 0, ...order }))
  return keccak256(encodeAbiParameters([{ type: 'tuple[]', components: tuple }], [list]))
}
const proposed = (orders: Order[], { hash = hashOf(orders), explanation = 'ipfs://vote.example' } = {}) =>
  event(
    'event TransactionsProposed(address indexed proposer, uint256 indexed proposalTime, bytes32 indexed assertionId, ((address to, uint8 operation, uint256 value, bytes data)[] transactions, uint256 requestTime) proposal, bytes32 proposalHash, bytes explanation, string rules, uint256 challengeWindowEnds)',
    governor,
    {
      ...{ proposer: thief, proposalTime: 5n, assertionId: word(9), proposalHash: hash, rules: 'ours' },
      proposal: {
        transactions: orders.map((order) => ({ value: 0n, data: '0x', operation: 0, ...order })),
        requestTime: 5n,
      },
      explanation: stringToHex(explanation),
      challengeWindowEnds: BigInt(start + day),
    },
  )
const ended = (what: 'Executed' | 'Deleted', hash: Hex) =>
  event(`event Proposal${what}(bytes32 indexed proposalHash, bytes32 indexed assertionId)`, governor, {
    ...{ proposalHash: hash, assertionId: word(9) },
  })
const grave = ({ claims }: { claims: { severity?: string }[] }) =>
  claims.filter(({ severity }) => severity === 'high' || severity === 'critical')

describe('module-queue on a Delay', () => {
  test('tells what is queued by its content, until when it can be stopped, and how', () => {
    const { queue } = queueScene()
    const { claims, blind, block } = queue(pay(thief, 9_600n))
    expect(blind).toEqual([])
    expect(claims.map(({ address }) => address)).toEqual([delay, safe])
    expect(claims[0]).toMatchObject({
      severity: 'high',
      title: expect.stringMatching(
        /^Operation 0, scheduled in delay and executable from .* it moves 96 % of usdc of safe$/,
      ),
      facts: { account: safe, stoppableUntil: `${block.timestamp + day}`, score: '70' },
      group: `governance operation ${delay} 0`,
    })
  })

  test.each([
    ['a small payment', 50n, 'low'],
    ['a payment of a tenth', 1_000n, 'medium'],
    ['one unit below half', 4_999n, 'medium'],
    ['half', 5_000n, 'high'],
  ])('weighs %s as governance does', (_, amount, severity) => {
    expect(queueScene().queue(pay(account(0x9999), amount)).claims[0]?.severity).toBe(severity)
  })

  test('weighs what takes the module itself over', () => {
    const setCooldown = { to: delay, data: call('function setTxCooldown(uint256 cooldown)', [0n]) }
    const assign = call('function assignRoles(address module, bytes32[] roleKeys, bool[] memberOf)', [
      thief,
      [word(1)],
      [true],
    ])
    expect(queueScene().queue(setCooldown).claims[0]).toMatchObject({ severity: 'high', facts: { score: '70' } })
    expect(queueScene().queue({ to: roles, data: assign }, { from: thief }).claims[0]).toMatchObject({
      severity: 'high',
      facts: { score: '70' },
    })
  })

  test('takes no batch for code of strangers, and no code of strangers for a batch', () => {
    const batch = (to: Address) => {
      const part = encodePacked(
        ['uint8', 'address', 'uint256', 'uint256', 'bytes'],
        [0, usdc, 0n, 68n, pay(account(0x9999), 50n).data!],
      )
      return { to, operation: 1, data: call('function multiSend(bytes transactions)', [part]) }
    }
    expect(queueScene().queue(batch('0x9641d764fc13c8b624c04430c7356c1c7c8102e2')).claims[0]?.severity).toBe('low')
    const { claims } = queueScene().queue(batch(library))
    expect(claims[0]?.facts.reasons).toContainEqual(expect.stringContaining('by delegatecall'))
    expect(claims[0]?.severity).toBe('high')
  })

  test('is over when an ordinary order was executed, and silent meanwhile', () => {
    const { queue, run, set } = queueScene()
    queue(pay(account(0x9999), 50n))
    set({ txNonce: 1n })
    const seen = run([acted()], { input: executeNext(pay(account(0x9999), 50n)) }, start + 2 * day)
    expect(seen).toMatchObject({ claims: [], blind: [], cleared: [`governance operation ${delay} 0`] })
  })

  test('tells that a grave order was executed, in its alert', () => {
    const { queue, run, set } = queueScene()
    queue(pay(thief, 9_600n))
    set({ txNonce: 1n })
    const seen = run([acted()], { from: thief, input: executeNext(pay(thief, 9_600n)) }, start + 2 * day)
    expect(seen.claims).toMatchObject([
      { severity: 'high', evidence: 'hard', address: safe, group: `governance operation ${delay} 0` },
    ])
    expect(seen.cleared).toEqual([])
  })

  test('is over when a grave order was skipped', () => {
    const { queue, run, set } = queueScene()
    queue(pay(thief, 9_600n))
    set({ txNonce: 1n })
    expect(run([])).toMatchObject({ claims: [], cleared: [`governance operation ${delay} 0`] })
  })

  test('sees that one was skipped through another contract, when it asks again', () => {
    const { queue, run, set, watch } = queueScene({ everyBlocks: 2 })
    queue(pay(thief, 9_600n))
    set({ txNonce: 1n })
    const seen = [run([], { to: safe }), watch.see(), watch.see()]
    expect(seen.flatMap(({ cleared }) => cleared)).toEqual([`governance operation ${delay} 0`])
  })

  test('finds what was executed without having been queued', () => {
    const { run } = queueScene()
    expect(run([acted()], { from: thief }).claims).toMatchObject([
      {
        severity: 'critical',
        address: safe,
        title: 'delay made safe execute something which had not been queued before',
      },
    ])
  })

  test('finds what was queued and executed in one block', () => {
    const { run, set } = queueScene()
    set({ txNonce: 1n, queueNonce: 1n })
    expect(grave(run([added(0n, pay(thief, 50n)), acted()]))).toMatchObject([{ severity: 'critical' }])
  })

  test('pages nobody for the same in a module without a cooldown', () => {
    const { run, set, world } = queueScene()
    set({ txCooldown: 0n })
    world.settle()
    set({ txNonce: 1n, queueNonce: 1n })
    expect(grave(run([added(0n, pay(account(0x9999), 50n)), acted()]))).toEqual([])
  })

  test.each([
    ['a second before its time', -1, ['critical']],
    ['at its time', 0, []],
  ])('judges what is executed %s', (_, off, severities) => {
    const { queue, run, set } = queueScene()
    const { block } = queue(pay(account(0x9999), 50n))
    set({ txNonce: 1n })
    const seen = run([acted()], {}, block.timestamp + day + off)
    expect(seen.claims.map(({ severity }) => severity)).toEqual(severities)
  })

  test('finds that something else was executed than what was queued', () => {
    const { queue, run, set } = queueScene()
    queue(pay(account(0x9999), 50n))
    set({ txNonce: 1n })
    const seen = run([acted()], { input: executeNext(pay(thief, 9_600n)) }, start + 2 * day)
    expect(seen.claims).toMatchObject([
      { severity: 'critical', title: expect.stringContaining('not what had been queued') },
    ])
  })

  test('says that it is blind where the module does not answer, and of a log that cannot be read', () => {
    const { run, world, queue } = queueScene()
    queue(pay(thief, 9_600n))
    world.down.add(delay)
    expect(run([acted()]).blind).toEqual([
      expect.stringContaining('Whether delay had queued what it executed'),
      expect.stringContaining('How far the queue of delay is'),
    ])
    const cut = { ...added(1n, pay(ana, 1n)), data: '0x' as Hex }
    expect(run([cut]).blind[0]).toMatch(/TransactionAdded of delay could not be read/)
  })

  test('judges no module of another Safe, and no other event of ours', () => {
    const { run } = queueScene()
    const other = { ...added(0n, pay(thief, 9_600n)), address: account(0xeeee) }
    expect(run([other, acted(account(0xeeee))])).toMatchObject({ claims: [], blind: [] })
  })

  test('bounds what it judges and remembers, and says so', () => {
    const { run, watch } = queueScene()
    for (let block = 0n; block < 5n; block++) {
      const many = Array.from({ length: 40 }, (_, place) => added(100n * block + BigInt(place), pay(ana, 1n)))
      expect(run(many).blind).toContainEqual(expect.stringContaining('More than 15 orders in one block'))
    }
    expect([...watch.memory.values()].flat()).toHaveLength(64)
    expect(run([added(900n, pay(ana, 1n))]).blind).toContainEqual(expect.stringContaining('the oldest are forgotten'))
  })
})

describe('module-queue on an Optimistic Governor', () => {
  test('tells the content, the window and the words of a proposal', () => {
    const { run } = queueScene()
    const [claim] = run([proposed([pay(thief, 9_600n)])]).claims
    expect(claim).toMatchObject({
      severity: 'high',
      facts: { proposer: thief, stoppableUntil: `${start + day}`, explanation: 'ipfs[:]//vote[.]example' },
    })
  })

  test('a proposal that was known is executed, and its alert over', () => {
    const { run, world } = queueScene()
    const orders = [pay(account(0x9999), 50n)]
    expect(grave(run([proposed(orders)]))).toEqual([])
    world.set(proposedBefore(hashOf(orders)), BigInt(word(9))).settle()
    expect(run([ended('Executed', hashOf(orders))])).toMatchObject({
      claims: [],
      cleared: [`governance operation ${governor} ${hashOf(orders)}`],
    })
  })

  test('a deleted one is over, however grave', () => {
    const { run } = queueScene()
    const orders = [pay(thief, 9_600n)]
    run([proposed(orders)])
    expect(run([ended('Deleted', hashOf(orders))])).toMatchObject({ claims: [], cleared: [expect.any(String)] })
  })

  test('finds one that was executed without having been proposed', () => {
    const { run, world } = queueScene()
    world.set(proposedBefore(word(3)), 0n).settle()
    expect(run([ended('Executed', word(3))]).claims).toMatchObject([{ severity: 'critical', address: safe }])
  })

  test('finds a hash that stands for other calls than those told', () => {
    const { run } = queueScene()
    const seen = run([proposed([pay(account(0x9999), 50n)], { hash: hashOf([pay(thief, 9_600n)]) })])
    expect(grave(seen).at(-1)).toMatchObject({
      severity: 'critical',
      title: expect.stringContaining('not what its hash stands for'),
    })
  })
})

describe('module-queue on standing powers', () => {
  const assigned = (member: Address, memberOf: boolean[]) =>
    event('event AssignRoles(address module, bytes32[] roleKeys, bool[] memberOf)', roles, {
      ...{ module: member, memberOf },
      roleKeys: memberOf.map(() => stringToHex('MANAGER', { size: 32 })),
    })

  test.each([
    ['a key that is given a role', assigned(thief, [true]), 'high'],
    ['a contract that is given one', assigned(safe, [true]), 'medium'],
    ['a key that loses one', assigned(thief, [false]), 'low'],
  ])('%s', (_, log, severity) => {
    expect(queueScene().run([log]).claims).toMatchObject([{ severity, address: roles }])
  })

  test.each<[string, bigint | null, bigint, bigint, string[]]>([
    ['ten times as much at once', 500n, 5_000n, 0n, ['high']],
    ['ten times as much in each period', 500n, 0n, 5_000n, ['high']],
    ['one unit less', 500n, 4_999n, 4_999n, ['medium']],
    ['as much as before', 500n, 500n, 500n, []],
    ['a first allowance', 0n, 5_000n, 0n, ['medium']],
    ['an allowance of which nobody knows what it was', null, 5_000n, 0n, ['medium']],
  ])('%s that a role may spend', (_, old, balance, refill, severities) => {
    const key = stringToHex('MANAGER', { size: 32 })
    const { world, run } = queueScene()
    const words = [old ?? 0n, 9_000n, 86_400n, (old ?? 0n) / 2n, 1n].map((each) => word(each).slice(2)).join('')
    if (old !== null)
      world.set(`call ${roles} ${call('function allowances(bytes32 key)', [key])}`, `0x${words}`).settle()
    const log = event(
      'event SetAllowance(bytes32 allowanceKey, uint128 balance, uint128 maxRefill, uint128 refill, uint64 period, uint64 timestamp)',
      roles,
      { allowanceKey: key, balance, maxRefill: 10n ** 30n, refill, period: 86_400n, timestamp: 1n },
    )
    const { claims } = run([log])
    expect(claims.map(({ severity }) => severity)).toEqual(severities)
    for (const { title } of claims) expect(title).toContain('Role allowance MANAGER')
  })

  test('a key is one also where it lets the code of a contract run for it', () => {
    const { world, run } = queueScene()
    world.set(`code ${thief}`, `0xef0100${safe.slice(2)}`).settle()
    expect(run([assigned(thief, [true])]).claims).toMatchObject([{ severity: 'high', address: roles }])
  })

  test.each([
    [1n, 'medium'],
    [2n, 'high'],
  ])('a contract opened to a role with options %s is %s', (options, severity) => {
    const log = event('event AllowTarget(bytes32 roleKey, address targetAddress, uint8 options)', roles, {
      ...{ roleKey: stringToHex('MANAGER', { size: 32 }), targetAddress: usdc, options: Number(options) },
    })
    expect(queueScene().run([log]).claims).toMatchObject([
      { severity, title: expect.stringMatching(/^Role MANAGER of roles may call every function of usdc/) },
    ])
  })

  test.each([
    [BigInt(day - 1), ['high']],
    [BigInt(day), []],
    [BigInt(day + 1), ['medium']],
  ])('a cooldown of %s instead of a day', (cooldown, severities) => {
    const log = event('event TxCooldownSet(uint256 cooldown)', delay, { cooldown })
    expect(
      queueScene()
        .run([log])
        .claims.map(({ severity }) => severity),
    ).toEqual(severities)
  })

  test('a vote outside the chain is told of, though nobody can read it', () => {
    const log = event('event ProposalQuestionCreated(bytes32 indexed questionId, string indexed proposalId)', roles, {
      ...{ questionId: word(4), proposalId: 'QmVote' },
    })
    expect(queueScene().run([log]).claims).toMatchObject([{ severity: 'medium', confidence: 'low' }])
  })
})

describe('module-queue on answers to questions', () => {
  const [oracle, bonder] = [account(0x7001), account(0x7002)]
  const no = word(0)
  const asks = (questionId: Hex) =>
    event('event ProposalQuestionCreated(bytes32 indexed questionId, string indexed proposalId)', roles, {
      ...{ questionId, proposalId: 'QmVote' },
    })
  const answers = (id: Hex, user: Address, { says = word(1), at = oracle, hidden = false } = {}) =>
    event(
      'event LogNewAnswer(bytes32 answer, bytes32 indexed question_id, bytes32 history_hash, address indexed user, uint256 bond, uint256 ts, bool is_commitment)',
      at,
      { answer: says, question_id: id, history_hash: word(0), user, bond: 100n, ts: 5n, is_commitment: hidden },
    )
  function answered() {
    const own = queueScene()
    own.world.set(`call ${roles} ${selector('oracle')}`, word(oracle)).settle()
    own.run([asks(word(1))])
    return own
  }

  test('pages where a stranger says that a vote passed, and not who did so before', () => {
    const { run } = answered()
    expect(run([answers(word(1), bonder)]).claims).toMatchObject([{ severity: 'medium', confidence: 'low' }])
    expect(run([asks(word(2)), answers(word(2), bonder)]).claims).toMatchObject([{ severity: 'medium' }])
    const { claims } = run([asks(word(3)), answers(word(3), thief)])
    expect(claims[1]).toMatchObject({
      severity: 'high',
      evidence: 'hard',
      address: safe,
      facts: { by: thief, bond: '100', module: roles },
      actors: [thief],
    })
    expect(grave(run([answers(word(3), thief, { hidden: true, says: word(77) })]))).toEqual([])
  })

  test('pages where the answer is hidden until later', () => {
    const { run } = answered()
    run([answers(word(1), bonder)])
    expect(grave(run([answers(word(1), thief, { hidden: true, says: word(77) })]))).toHaveLength(1)
  })

  test('is silent where it says no, is of another question, or by another contract', () => {
    const { run } = answered()
    run([answers(word(1), bonder)])
    for (const log of [
      answers(word(1), thief, { says: no }),
      answers(word(8), thief),
      answers(word(1), thief, { at: usdc }),
      { ...answers(word(1), thief), data: '0x' as const },
    ])
      expect(grave(run([log]))).toEqual([])
  })

  test('is blind where nobody can tell who answers, and where there are too many questions', () => {
    const { run, world } = answered()
    world.down.add(selector('oracle'))
    expect(run([answers(word(1), thief)])).toMatchObject({
      claims: [],
      blind: [expect.stringMatching(/^Who answers the questions of .* could not be read: nobody answers$/)],
    })
    const many = Array.from({ length: 256 }, (_, n) => asks(word(n + 10)))
    expect(run(many).blind).toContainEqual(expect.stringMatching(/has more than 256 questions/))
  })
})
