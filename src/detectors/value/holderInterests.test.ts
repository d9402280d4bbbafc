import { type Abi, parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import { corpusReceiptBlocks, hasCorpus } from '../../../test/harness/corpus.ts'
import { account } from '../../../test/harness/node/block.ts'
import { contract, modelBlock } from '../../../test/harness/scene.ts'
import { monitor } from '../../../test/harness/watchScene.ts'
import { createDispatchIndex } from '../../watch/dispatchIndex.ts'
import { holderInterests } from './holderInterests.ts'

const [vault, usdc, cats] = [account(0x7a), account(0xdc), account(0xca)]
const indexed = parseAbi(['event Transfer(address indexed from, address indexed to, uint256 value)'])
const odd = parseAbi(['event Transfer(address from, address to, uint256 value)'])
const named = (abi?: Abi) => contract('token', usdc, { ...(abi && { abi }) })
/** What is asked for: the accounts, or all transfers of the addresses. */
const asked = (...[accounts, rest]: Parameters<typeof holderInterests>) =>
  holderInterests(accounts, rest).map((interest) => interest.kind === 'log' && [interest.accounts, interest.addresses])

describe('transfers of an account', () => {
  test('are asked for by the account, and all of a token that may write them otherwise', () => {
    expect(asked([vault], { only: undefined, known: [] })).toEqual([[[vault], undefined]])
    expect(asked([vault], { only: undefined, known: [named()] })).toEqual([
      [[vault], undefined],
      [undefined, [usdc]],
    ])
    expect(asked([vault], { only: undefined, known: [named(indexed)] })).toEqual([[[vault], undefined]])
    expect(asked([vault], { only: undefined, known: [named(odd)] })).toEqual([
      [[vault], undefined],
      [undefined, [usdc]],
    ])
  })

  test('of one token only are asked for by the account where its ABI allows for it', () => {
    expect(asked([vault], { only: usdc, known: [named(indexed)] })).toEqual([[[vault], [usdc]]])
    expect(asked([vault], { only: usdc, known: [named()] })).toEqual([[undefined, [usdc]]])
    expect(asked([vault], { only: cats, known: [named(indexed)] })).toEqual([[undefined, [cats]]])
  })

  test.skipIf(!hasCorpus)(
    'need the receipts of a block in which the account moves nothing only where its bloom is mistaken',
    () => {
      const watch = { interests: holderInterests([vault], { only: undefined, known: [] }), detect: () => ({}) }
      const { wantsReceipts } = createDispatchIndex([monitor('one', watch)])
      // A bloom with as many logs as these blocks have lets a topic pass that is not there about one time in ten.
      expect(
        corpusReceiptBlocks()
          .filter((block) => wantsReceipts(modelBlock(block)))
          .map(({ number }) => number),
      ).toEqual([17_500_000])
    },
  )
})
