import { z } from 'zod'
import type { Address } from '../../model/chain.ts'
import { type Assignment, defineDetector, type Memory } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import type { Severity } from '../../model/severity.ts'
import { claimFor } from '../conditions.ts'
import { contractOption, resolveContract } from '../contractOption.ts'
import { reasonList } from '../reasonList.ts'
import { remembered } from '../remembered.ts'
import { addressShower } from '../showAddress.ts'
import { planInterests, planOf, readsOfPlans } from '../timelocks/planOf.ts'
import { transactionsTouching } from '../transactionsTouching.ts'
import { linkOption } from './dependencyMap/linkOption.ts'
import { type Link, linkOf, nothing, valueIn } from './dependencyMap/links.ts'

const options = z.strictObject({
  links: z
    .array(linkOption)
    .min(1)
    .max(200)
    .describe(
      'The map: which contract names what it relies on where, such as `{ in: $vault, what: registry, call: 0x7b103999, is: $registry }`. `tocsin init` writes it.',
    ),
  allowed: z
    .array(contractOption)
    .max(100)
    .default([])
    .describe(
      'What a link may turn to without a page, such as the contract that you deployed for it: it is mere news.',
    ),
  everyBlocks: z
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .describe('How often the links of the contracts themselves are read.'),
  farEveryBlocks: z.int().min(1).max(10_000).default(25).describe('How often links marked `far`, and code, are read.'),
})
type Options = z.output<typeof options>

/** Plain data. `times`: unix seconds of the last changes. */
const kept = z.object({ value: z.string(), changes: z.number(), times: z.array(z.number()) })
type Known = z.output<typeof kept>
const rememberedLink = remembered(kept)

/** A link that changed so often in so long is one that changes: a vault that turns to a new market every week. */
const restless = { changes: 3, seconds: 90 * 86_400 }

/**
 * Reads the map of what contracts rely on again and again, and speaks when an arrow of it points elsewhere. Milder: what
 * is far, what a timelock had announced, what changes often and who put itself on a list (medium); what `allowed` names (info).
 */
export const dependencyMap = defineDetector<Options>({
  id: 'dependency-map',
  title: 'A contract relies on another one than before',
  scenario:
    'A registry, strategy, router, bridge or oracle that a contract asks is swapped for one that answers as a thief wants, by a key that may do so, often without an event. The contract itself is unchanged and looks well.',
  signal:
    'Each link of the map, a call or slot that names what a contract relies on, or what a registry answers to the question that the contracts ask it whenever they are used, is read every `everyBlocks`, those marked `far` and code every `farEveryBlocks`. Another value than the map or the last look pages; `medium` where it is far, where a timelock of the config had scheduled it by a call that names the new value, where the link changed three times within 90 days, or where who came on a list put himself there; `info` where it stands under `allowed`.',
  response:
    'Was this announced? If nobody knows of it, pause what relies on the contract before the new one is used, put the old one back, and take the key that swapped it for stolen. If it was meant, write the new one into the map.',
  knownLimits: [
    'What a contract keeps in a mapping has a link only where recent calls showed the key; what it is told by its calldata has none.',
    'A dependency that answers differently by its own state, and stays at its address, is none of it.',
    'A link that changes often enough is `medium` for a thief, too.',
    'An honest change that nobody announced on the chain pages until the map names the new one.',
  ],
  severity: 'high',
  sign: { stage: 'preparation', restsOn: 'power' },
  options,
  when: 'none',
  needs: ['state', 'logs'],

  compile(assignment) {
    const { targets, names, options } = assignment
    const links = distinct(options.links.map((option) => linkOf(option, assignment)))
    const isSlow = ({ far, read }: Link) => far || read.kind === 'code'
    const [near, slow] = [links.filter((link) => !isSlow(link)), links.filter(isSlow)]
    const holders = new Set(links.map(({ of }) => of.address))
    const judging = { assignment, holders, allowed: allowedIn(assignment) }
    const interest = (some: readonly Link[], everyBlocks: number) =>
      some.length === 0 ? [] : [{ kind: 'state' as const, reads: some.map(({ read }) => read), everyBlocks }]
    const isDue = (number: number, link: Link) =>
      number % (isSlow(link) ? options.farEveryBlocks : options.everyBlocks) === 0
    return {
      interests: [
        ...interest(near, options.everyBlocks),
        ...interest(slow, options.farEveryBlocks),
        { kind: 'transaction', touching: [...holders] },
        ...planInterests(names),
      ],
      reads: (view, memory) => [
        ...readsOfPlans(holders, view),
        ...links.filter((link) => isDue(view.block.number, link) && isNews(link, memory)).map(before),
      ],

      detect(observation, memory) {
        const claims: Claim[] = []
        const blind: string[] = []
        const remember: Record<string, Json> = {}
        for (const link of links.filter((each) => isDue(observation.block.number, each))) {
          const value = valueIn(link.read, observation.state(link.read))
          if (value === null) {
            blind.push(`The ${link.what} of ${link.of.name} could not be read.`)
            continue
          }
          const known = rememberedLink(memory, link.key) ?? startOf(link) ?? beforeBlock(link, observation)
          if (known?.value === value) {
            if (memory.get(link.key) === undefined) remember[link.key] = known
            continue
          }
          const { timestamp } = observation.block
          remember[link.key] = known ? after(known, value, timestamp) : { value, changes: 0, times: [] }
          if (!known) continue
          const relying = link.far || link.kin ? targets : [link.of]
          const claim = claimChange({ link, value, known }, observation, judging)
          claims.push(...claimFor(relying, `link ${link.key}`, claim))
        }
        return { claims, blind: reasonList(blind), memory: remember }
      },
    }
  },
})

type Judging = { assignment: Assignment<Options>; holders: ReadonlySet<Address>; allowed: ReadonlySet<string> }

const distinct = (links: readonly Link[]) => [...new Map(links.map((link) => [link.key, link])).values()]

const allowedIn = (assignment: Assignment<Options>): ReadonlySet<string> =>
  new Set(assignment.options.allowed.map((text) => resolveContract(text, assignment).address))

const startOf = ({ is }: Link): Known | undefined => (is === null ? undefined : { value: is, changes: 0, times: [] })

const isNews = (link: Link, memory: Memory): boolean => link.is === null && memory.get(link.key) === undefined

const before = ({ read }: Link): Read => ({ ...read, at: 'parent' })

/** Where nobody says what is right, what was so before the first block that is looked at; a contract may not yet have been. */
function beforeBlock(link: Link, { state }: Pick<Observation, 'state'>): Known | undefined {
  const value = valueIn(link.read, state(before(link)))
  return value === null || value === nothing ? undefined : { value, changes: 0, times: [] }
}

const after = ({ changes, times }: Known, value: string, now: number): Known => ({
  value,
  changes: changes + 1,
  times: [...times, now].slice(-restless.changes),
})

function claimChange(
  { link, value, known }: { link: Link; value: string; known: Known },
  observation: Parameters<typeof planOf>[2]['observation'],
  { assignment: { names }, holders, allowed }: Judging,
): Omit<Claim, 'address' | 'group'> {
  const { of, what, far } = link
  const show = addressShower(names)
  const now = observation.block.timestamp
  const isRestless = known.times.length >= restless.changes && now - known.times[0]! <= restless.seconds
  const [was, is] = [known.value.split(' '), value.split(' ')]
  const fresh = is.filter((each) => !was.includes(each))
  // Of a list that only became shorter, a plan names what was taken out.
  const named = fresh.length > 0 ? fresh : was.filter((each) => !is.includes(each))
  const plan = link.what === 'code' ? null : planOf(link.of.address, named, { observation, names, holders })
  const isAllowed = fresh.length > 0 && fresh.every((each) => allowed.has(each))
  const culprits = transactionsTouching(observation, of.address)
  // Of a list of customers each writes himself there; whose keys count, others decide.
  const isByItself =
    was.every((each) => is.includes(each)) &&
    fresh.length > 0 &&
    fresh.every((each) => culprits.some(({ from }) => from === each))
  const isMild = far || plan || isRestless || isByItself
  const severity: Severity | undefined = isAllowed ? 'info' : isMild ? 'medium' : undefined
  const culprit = culprits.length === 1 ? culprits[0] : undefined
  return {
    key: `change ${known.changes + 1}`,
    subject: `link ${link.key}`,
    title: titleOf(link, { was, is, fresh }, show),
    facts: {
      ...{ holder: of.address, what, before: known.value, now: value },
      ...(plan && { planned: `it had been scheduled in the timelock ${plan}` }),
      ...(isRestless && { changesBefore: known.changes }),
      ...(isByItself && { milder: 'who came put itself there' }),
      ...(culprit && { transaction: culprit.hash, sender: culprit.from, calledContract: culprit.to }),
    },
    evidence: 'hard',
    ...(severity && { severity }),
  }
}

type Change = { was: readonly string[]; is: readonly string[]; fresh: readonly string[] }

function titleOf({ of, what }: Link, { was, is, fresh }: Change, show: (address: Address) => string): string {
  const inWords = (values: readonly string[]) =>
    `${values
      .slice(0, 4)
      .map((each) => shown(each, show))
      .join(', ')}${values.length > 4 ? ` and ${values.length - 4} more` : ''}`
  if (is[0] === nothing) return `${of.name} names no ${what} any more; it was ${inWords(was)}`
  if (was.length === 1 && is.length === 1) {
    return `${of.name} relies on another ${what}: ${inWords(is)} instead of ${inWords(was)}`
  }
  const gone = was.filter((each) => !is.includes(each))
  const parts = [fresh.length > 0 && `${inWords(fresh)} came`, gone.length > 0 && `${inWords(gone)} went`]
  return `The ${what} of ${of.name} changed: ${parts.filter((part) => part !== false).join('; ') || 'its order is another'}`
}

const shown = (text: string, show: (address: Address) => string): string =>
  /^0x[0-9a-f]{40}$/.test(text) ? show(text as Address) : text.startsWith('0x') ? `${text.slice(0, 10)}…` : text
