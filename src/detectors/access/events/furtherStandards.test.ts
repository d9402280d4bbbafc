import { expect, test } from 'vitest'
import { account, event, type SomeLog, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import { privilegedChange } from '../privilegedChange.ts'

const [bank, thief] = [account(0x1111), account(0x2222)]
const short = '0x0000…2222'

/** What one event says of the bank, whose state has changed by it. */
function told(log: SomeLog, world = new World()) {
  const watch = scene(privilegedChange, [contract('bank', bank)], { world })
  watch.see()
  const { claims, blind } = watch.see({ transactions: [tx({ from: account(3), to: bank, logs: [log] })] })
  return { titles: claims.map(({ severity, title }) => `${severity ?? 'high'}: ${title}`), claims, blind }
}
const wards = (isWard: boolean) =>
  new World().set(`call ${bank} 0xbf353dbb${word(thief).slice(2)}`, word(isWard ? 1 : 0))
const usr = (name: string) => event(`event ${name}(address indexed usr)`, bank, { usr: thief })

test('a ward is news, proved by what the contract answers; one who is none any more is milder', () => {
  const { titles, claims } = told(usr('Rely'), wards(true))
  expect(titles).toEqual([`high: ${short} may do everything with bank from now on (rely)`])
  expect(claims[0]).toMatchObject({ evidence: 'hard', address: bank, facts: { account: thief } })
  expect(told(usr('Rely'), wards(false)).claims[0]).toMatchObject({ evidence: 'soft' })
  expect(told(usr('Deny'), wards(false)).titles).toEqual([
    `medium: ${short} may no longer do everything with bank (deny)`,
  ])
})

test.each([
  ['event LogSetOwner(address indexed owner)', { owner: thief }, `Owner of bank changed to ${short}`],
  [
    'event OwnerChanged(address indexed oldOwner, address indexed newOwner)',
    { oldOwner: bank, newOwner: thief },
    `Owner of bank changed to ${short}`,
  ],
  [
    'event LogSetAuthority(address indexed authority)',
    { authority: thief },
    `${short} says from now on who may do what`,
  ],
  [
    'event OwnerUpdated(address indexed user, address indexed newOwner)',
    { user: bank, newOwner: thief },
    'Owner of bank',
  ],
  ['event NewAdmin(address oldAdmin, address newAdmin)', { oldAdmin: bank, newAdmin: thief }, 'Admin of bank changed'],
  [
    'event NewImplementation(address oldImplementation, address newImplementation)',
    { oldImplementation: bank, newImplementation: thief },
    `bank runs the code of ${short} from now on`,
  ],
  [
    'event MinterConfigured(address indexed minter, uint256 minterAllowedAmount)',
    { minter: thief, minterAllowedAmount: 5n },
    `${short} may make bank from now on`,
  ],
])('%s is told', (signature, values, title) => {
  expect(told(event(signature, bank, values)).titles).toEqual([expect.stringContaining(`high: ${title}`)])
})

test('what has the name of such an event and is not written so is told as blindness; of others it says nothing', () => {
  const { claims, blind } = told({ ...usr('Rely'), topics: usr('Rely').topics.slice(0, 1) })
  expect(claims).toEqual([])
  expect(blind).toHaveLength(1)
  expect(told({ ...usr('Rely'), address: account(0x99) }).claims).toEqual([])
})

test('that there was no event is only said where there was none', () => {
  const changed = (logs: SomeLog[]) => {
    const world = new World().set(`call ${bank} 0x8da5cb5b`, word(account(3)))
    const watch = scene(privilegedChange, [contract('bank', bank)], { world })
    watch.see()
    world.set(`call ${bank} 0x8da5cb5b`, word(thief))
    return watch.see({ transactions: [tx({ from: account(3), to: bank, logs })] }).claims.map(({ title }) => title)
  }
  const own = event('event Handed(address indexed next)', bank, { next: thief })
  expect(changed([])).toEqual([expect.stringMatching(/, and no event was emitted$/)])
  expect(changed([{ ...own, address: account(0x99) }])).toEqual([expect.stringMatching(/, and no event was emitted$/)])
  expect(changed([own])).toEqual([expect.stringMatching(/, and no event that is known tells of it$/)])
})
