import { delegateOf } from '../../evm/accountCode.ts'
import type { Address } from '../../model/chain.ts'
import { addressesOf, addressOf, dataOf } from './answerOf.ts'
import type { Answers } from './askState.ts'
import { cloneTarget, looksLikeForwarder } from './codeScan.ts'
import type { ContractFacts } from './contractFacts.ts'
import { callRead, codeRead, type SlotName, slotRead } from './probes.ts'

type Proxy = NonNullable<ContractFacts['proxy']>

/** Whose code a contract runs, where a standard says where to look. What is not known yet stays null. */
export function findProxy(address: Address, answers: Answers): Proxy | undefined {
  const code = dataOf(answers.of(codeRead(address)))
  if (!code || delegateOf(code)) return undefined
  const slot = (name: SlotName) => addressOf(dataOf(answers.of(slotRead(address, name))))
  const says = (name: 'implementation' | 'admin' | 'facets') => dataOf(answers.of(callRead(address, name)))
  const admin = slot('admin') ?? null
  const found = (
    pattern: Proxy['pattern'],
    implementation: Address | null,
    why: string,
    beacon: Address | null = null,
  ) => ({
    pattern,
    implementation,
    beacon,
    admin,
    why,
  })

  const clone = cloneTarget(code)
  if (clone) return found('erc1167', clone, 'its code is that of a minimal proxy (ERC-1167)')
  const implementation = slot('implementation')
  if (implementation) return found('erc1967', implementation, 'its ERC-1967 slot names an implementation')
  const beacon = slot('beacon')
  if (beacon) {
    const behind = addressOf(dataOf(answers.of(callRead(beacon, 'implementation'))))
    return found('beacon', behind ?? null, 'its ERC-1967 slot names a beacon', beacon)
  }
  const legacy = slot('legacyImplementation')
  if (legacy) return found('legacy-oz', legacy, "its slot of OpenZeppelin's first proxies names an implementation")
  const proxiable = slot('proxiable')
  if (proxiable) return found('erc1822', proxiable, 'its ERC-1822 slot names an implementation')
  const singleton = slot('first')
  if (singleton && looksLikeForwarder(code) && dataOf(answers.of(callRead(address, 'threshold')))) {
    return found('safe', singleton, 'its first slot names the singleton of a Safe')
  }
  if (addressesOf(says('facets'))?.length) return found('diamond', null, 'it names facets (ERC-2535)')
  const told = looksLikeForwarder(code) ? addressOf(says('implementation')) : undefined
  if (told)
    return found(
      'implementation()',
      told,
      'it is a short contract that delegates, and `implementation()` names whom to',
    )
  return undefined
}
