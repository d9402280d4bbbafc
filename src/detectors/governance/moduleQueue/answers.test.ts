import { encodeAbiParameters, keccak256, stringToHex } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  day,
  governor,
  grave,
  type Order,
  pay,
  queueScene,
  roles,
  safe,
  selector,
  start,
  thief,
  usdc,
} from '../../../../test/harness/detectors/moduleQueueScene.ts'
import { account, call, event } from '../../../../test/harness/node/block.ts'
import { word } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'

const proposedBefore = (id: Hex) => `call ${governor} ${call('function assertionIds(bytes32)', [id])}`

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
