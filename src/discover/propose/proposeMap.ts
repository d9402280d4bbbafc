import type { NamedFacts } from '../facts/nameContracts.ts'
import { placeOf } from '../facts/placeOf.ts'
import type { Pointer } from '../facts/pointersOf.ts'
import type { KeyLists } from '../find/findKeyLists.ts'
import { isKin } from './isKin.ts'
import type { Proposal } from './proposal.ts'
import { sourceLinks } from './sourceLinks.ts'

type Link = {
  in: string
  what?: string
  call?: string
  slot?: string
  code?: true
  is?: string
  far?: true
  kin?: true
}
type Arrow = { link: Link; why: string }

const [linksMax, reasonsMax] = [100, 20]
/** What privileged-change reads of every contract that it watches, and Safes tell by themselves. */
const privileged = ['owner()', 'pendingOwner()', 'authority()', 'admin()', 'implementation()', 'getOwners()']

/**
 * The map of what the watched contracts rely on, kept: every arrow that can be read again, and that no other proposal
 * follows.
 */
export function proposeMap(
  contracts: readonly NamedFacts[],
  others: readonly Proposal[],
  keyLists: KeyLists = new Map(),
): Proposal[] {
  const own = contracts.filter(({ role, facts }) => role === 'protected' && facts.form === 'contract')
  if (own.length === 0) return []
  const followed = new Set(others.flatMap(followedBy))
  const arrows = contracts.flatMap((to) => to.pointers.flatMap((pointer) => arrowOf(pointer, to, contracts)))
  const keys = contracts.flatMap((contract) => keyArrows(contract, keyLists))
  const distinct = [
    ...new Map([...keys, ...sourceLinks(contracts), ...arrows].map((arrow) => [placeText(arrow.link), arrow])).values(),
  ]
  const kept = distinct.filter(({ link }) => !followed.has(placeText(link)))
  const code = contracts.filter((each) => isDirect(each, own) && !isPrivileged(each, others)).map(codeArrow)
  const all = [...kept.filter(({ link }) => !link.far), ...kept.filter(({ link }) => link.far), ...code]
  if (all.length === 0) return []
  const why = all.slice(0, reasonsMax).map((arrow) => arrow.why)
  const rest = all.length - why.length
  return [
    {
      name: 'map',
      use: 'dependency-map',
      on: own.map(({ name }) => name),
      options: { links: all.slice(0, linksMax).map(({ link }) => link) },
      why: [
        'What these contracts rely on must stay what it is; whoever swaps a part of it need not touch the rest:',
        ...why,
        ...(rest > 0 ? [`and ${rest} more.`] : []),
      ],
    },
  ]
}

function arrowOf({ from, name, where }: Pointer, to: NamedFacts, contracts: readonly NamedFacts[]): Arrow[] {
  const holder = contracts.find(({ facts }) => facts.address === from)
  const place = placeOf(where)
  if (!holder || !place || privileged.includes(where) || isFixed(holder)) return []
  // What belongs to the same protocol, or is asked whenever ours are used, is as near as what is watched.
  const isNear = isKin(holder, contracts) || isAnswer(where)
  const ours = isNear ? { kin: true as const } : { far: true as const }
  const far = holder.role === 'protected' ? {} : ours
  const isList = name === 'reserve'
  return [
    {
      link: {
        ...{ in: `$${holder.name}`, what: isList ? 'list of reserves' : (name ?? inWords(where)) },
        ...place,
        ...(isList ? {} : { is: `$${to.name}` }),
        ...far,
      },
      why: `${holder.name}: ${name ? `its ${name} is` : `${where} holds`} ${to.name}${name ? ` (${where})` : ''}.`,
    },
  ]
}

const isAnswer = (where: string) => where.startsWith('call 0x')

/** What stands in the storage without a getter, or is answered, is called by where. */
const inWords = (where: string) =>
  where.replace(/^its storage \((slot \d+)\)$/, 'contract in $1').replace(/^call (0x.{8}).*$/, 'answer to $1')

/** Pairs and pools cannot change their tokens; of feeds and governors other monitors tell. */
const isFixed = ({ facts: { pair, pool, feed, governor, safe, timelock } }: NamedFacts) =>
  Boolean(pair || pool || feed || governor || safe || timelock)

const isDirect = ({ role, facts, pointers }: NamedFacts, own: readonly NamedFacts[]) =>
  role === 'dependency' &&
  facts.form === 'contract' &&
  pointers.some(({ from }) => own.some((each) => each.facts.address === from))

const isPrivileged = ({ name }: NamedFacts, others: readonly Proposal[]) =>
  others.some(({ use, on }) => use === 'privileged-change' && on.includes(name))

const codeArrow = ({ name }: NamedFacts): Arrow => ({
  link: { in: `$${name}`, code: true },
  why: `${name}: nobody is known who could change its code, so it must stay as it is.`,
})

/** Whose signatures count is what a bridge or an oracle rests on. */
const keyArrows = ({ name, facts }: NamedFacts, keyLists: KeyLists): Arrow[] =>
  (keyLists.get(facts.address) ?? []).map((call) => ({
    link: { in: `$${name}`, what: `list of keys (${call})`, call },
    why: `${name}: it tells whose keys count (${call}), and has said the same for a while.`,
  }))

const placeText = ({ in: holder, call, slot }: Pick<Link, 'in' | 'call' | 'slot'>) => `${holder} ${call ?? slot}`

/** Places that another proposal reads, such as the feed of a market. */
function followedBy({ use, options }: Proposal): string[] {
  return use === 'oracle-config' ? ((options?.pointers ?? []) as Link[]).map(placeText) : []
}
