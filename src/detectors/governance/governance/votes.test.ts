import { describe, expect, test } from 'vitest'
import {
  ana,
  daoScene,
  ended,
  governor,
  multisig,
  pay,
  proposed,
  thief,
  votes,
  won,
} from '../../../../test/harness/detectors/governanceScene.ts'
import { event } from '../../../../test/harness/node/block.ts'
import { type World, word } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'

const voted = (voter: Address, weight: bigint) =>
  event(
    'event VoteCast(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason)',
    governor,
    {
      ...{ voter, proposalId: 7n, support: 1, weight, reason: '' },
    },
  )

describe('governance watches votes', () => {
  const left = (world: World, voter: Address, amount: bigint) =>
    world.set(`call ${votes} 0x9ab24eb0${word(voter).slice(2)}`, amount)

  test('power that grows is told of by its share of the quorum, once', () => {
    const { run } = daoScene()
    expect(run([won(thief, 0n, 90n)]).claims).toEqual([])
    expect(run([won(thief, 90n, 120n)]).claims).toMatchObject([
      {
        title: '0x0000…6666 won more than 10 % of the quorum of governor within a week',
        severity: 'medium',
        address: governor,
      },
    ])
    expect(run([won(thief, 120n, 130n)]).claims).toEqual([])
    expect(run([won(thief, 130n, 5_000n)]).claims).toMatchObject([{ severity: 'medium', facts: { gained: '5000' } }])
  })

  test('votes that were won in the same transaction are critical where they reach the quorum', () => {
    const { world, run } = daoScene()
    left(world, thief, 1_200n)
    const { claims } = run([won(thief, 0n, 1_200n), voted(thief, 1_200n), won(thief, 1_200n, 0n)])
    expect(claims.filter(({ key }) => key.startsWith('vote'))).toMatchObject([
      {
        title: '0x0000…6666 voted with 120 % of the quorum of governor, won in the same transaction',
        severity: 'critical',
      },
    ])
  })

  test('votes that were lent and given back', () => {
    const { world, run } = daoScene()
    run([won(thief, 0n, 700n)])
    run([won(thief, 700n, 0n)])
    left(world, thief, 0n)
    expect(run([voted(thief, 700n)]).claims).toMatchObject([
      { severity: 'high', title: expect.stringMatching(/and no longer has those votes$/), facts: { votesLeft: '0' } },
    ])
  })

  test('honest ones are silent, also new and many', () => {
    const { world, run } = daoScene()
    left(world, ana, 700n)
    expect(run([won(ana, 0n, 700n)]).claims.map(({ severity }) => severity)).toEqual(['medium'])
    expect(run([voted(ana, 700n)]).claims).toEqual([])
    expect(run([voted(multisig, 5_000n)]).claims).toEqual([])
  })

  test('a proposal of some risk that reaches its quorum is told of again, once', () => {
    const { world, run } = daoScene()
    const tally = (amount: bigint) =>
      world.set(
        `call ${governor} 0x544ffc9c${word(7).slice(2)}`,
        `${word(0)}${word(amount).slice(2)}${word(0).slice(2)}`,
      )
    run([proposed([pay(thief, 9_500n)])])
    tally(500n)
    expect(run([voted(ana, 500n)]).claims).toEqual([])
    tally(1_000n)
    expect(run([voted(multisig, 500n)]).claims).toMatchObject([
      { title: 'Proposal 7 of governor (risk 70) has reached its quorum', severity: 'high' },
    ])
    expect(run([voted(ana, 10n)]).claims).toEqual([])
  })

  test('what is executed while people still vote, or at once', () => {
    const { run } = daoScene()
    run([proposed([pay(multisig, 100n)])])
    expect(run([ended('Executed')]).claims).toMatchObject([
      { title: 'Proposal 7 of governor was executed before its vote had ended', severity: 'critical' },
    ])
    const { claims } = run([proposed([pay(multisig, 100n)]), ended('Executed')])
    expect(claims.at(-1)).toMatchObject({
      title: 'Proposal 7 of governor was made and executed in one block',
      evidence: 'hard',
    })
  })

  test('what is executed after its vote is silent, and forgotten', () => {
    const { watch, run } = daoScene()
    run([proposed([pay(multisig, 100n)])])
    for (let block = 0; block < 50; block++) watch.see()
    expect(run([ended('Executed')]).claims).toEqual([])
    expect(watch.memory.get(`proposals ${governor}`)).toEqual([])
  })
})
