import type { Contract } from '../../model/contract.ts'
import { type AbiFit, abiFits } from '../facts/abiFits.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import { describeFacts } from '../facts/describeFacts.ts'
import { isFollowed } from '../facts/isFollowed.ts'
import { note, ok, problem, type Verdict } from './verdict.ts'

/** `at`: the field of the contract that it is about. */
export type ContractVerdict = Verdict & { at: 'address' | 'abi' | 'implementations' | 'kind' }

/** Whether what the config says of a contract fits what the chain shows. */
export function checkContract(contract: Contract, facts: ContractFacts): ContractVerdict[] {
  const isAccount = contract.kind === 'account'
  if (facts.form !== 'contract') {
    if (isAccount) return [{ at: 'kind', ...accountVerdict(facts) }]
    const hint = 'Is it the right chain and address? For an address without code write `kind: account`.'
    return [{ at: 'address', ...problem(`There is no contract at ${contract.address}.`, hint) }]
  }
  return [
    { at: 'address', ...ok(describeFacts(facts)) },
    ...(isAccount ? [{ at: 'kind' as const, ...note('It is called an account, and has code.') }] : []),
    ...interfaceVerdicts(contract, facts),
    ...kindVerdicts(contract, facts),
  ]
}

function accountVerdict(facts: ContractFacts): Verdict {
  if (facts.form === 'account') return ok(describeFacts(facts))
  return note('This account lets a contract run for it (ERC-7702).', 'Is that known to whoever holds its key?')
}

/** Whether there is an ABI for what runs now, and whether it fits. */
function interfaceVerdicts({ abi, implementations }: Contract, facts: ContractFacts): ContractVerdict[] {
  const own = abi ? [{ at: 'abi' as const, ...abiVerdict(abiFits(abi, facts)) }] : []
  if (!implementations) return own
  const say = (verdict: Verdict) => ({ at: 'implementations' as const, ...verdict })
  const now = facts.proxy?.implementation
  if (!now)
    return [say(note('Nothing tells whose code it runs.', 'For a contract that is no proxy write `abi:`.')), ...own]
  const isKnown = isFollowed(facts.proxy)
  const given = isKnown ? implementations.get(now) : undefined
  if (given) return [say(ok(`its implementation is ${now}`)), say(abiVerdict(abiFits(given, facts)))]
  const missing = isKnown
    ? `Its implementation is ${now}, and \`implementations:\` gives no ABI for it`
    : `Its implementation, ${now}, is named by no slot and no \`implementation()\``
  if (abi) return [say(note(`${missing}: \`abi:\` stands for it.`)), ...own]
  const hint = isKnown ? 'Add its ABI there' : 'Write `abi:` instead'
  return [say(problem(`${missing}.`, `${hint}; until then rules about it are blind.`))]
}

const shownMax = 5

function abiVerdict(fit: AbiFit): Verdict {
  if (fit === 'cannot tell')
    return note('Whether its ABI fits cannot be told: it hands calls on to code that is not known.')
  const { functions, missing } = fit
  if (missing.length === 0) return ok('its ABI fits')
  const shown = `${missing.slice(0, shownMax).join(', ')}${missing.length > shownMax ? ', …' : ''}`
  if (missing.length < functions)
    return note(`Its code lacks ${missing.length} of the ${functions} functions of its ABI: ${shown}.`)
  const hint = 'Is it the ABI of another contract, or the address on another chain?'
  return problem(`None of the functions of its ABI is in its code: ${shown}.`, hint)
}

/** Kinds of which we can tell whether they are so. Unknown kinds are anybody's own words. */
const kinds: ReadonlyMap<string, (facts: ContractFacts) => boolean> = new Map([
  ['erc20', ({ token }) => token?.standard === 'erc20'],
  ['erc721', ({ token }) => token?.standard === 'erc721'],
  ['erc1155', ({ token }) => token?.standard === 'erc1155'],
  ['erc4626', ({ vault }) => vault !== undefined],
  ['safe', ({ safe }) => safe !== undefined],
  ['governor', ({ governor }) => governor !== undefined],
  ['timelock', ({ timelock }) => timelock !== undefined],
  ['chainlink-feed', ({ feed }) => feed !== undefined],
])

function kindVerdicts({ kind }: Contract, facts: ContractFacts): ContractVerdict[] {
  const isIt = kind === undefined ? undefined : kinds.get(kind)
  if (!isIt || isIt(facts) || facts.forwards) return []
  return [
    {
      at: 'kind',
      ...note(`It is called ${kind}, and does not look like one.`, `It looks like this: ${describeFacts(facts)}.`),
    },
  ]
}
