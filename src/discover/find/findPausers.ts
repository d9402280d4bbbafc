import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { BlockHeader } from '../../model/chain.ts'
import type { Read } from '../../model/read.ts'
import { askState } from '../facts/askState.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { hasFunction } from '../facts/standardSignatures.ts'

/**
 * Who can pause what, by name: whoever has power over a contract and whose call of `pause()` would go through now. Not who
 * must announce that days before: an attack does not wait, and the power of a timelock is handed on as others plan it.
 */
export type Pausers = ReadonlyMap<string, string>

const pause = '0x8456cb59'
/** Those who were given the key for just that are asked first. */
const usual = /pauser|guardian|emergency/i

/** @throws {RpcError} The chain cannot be read. */
export async function findPausers(
  client: ChainClient,
  header: BlockHeader,
  contracts: readonly NamedFacts[],
): Promise<Pausers> {
  const pairs = contracts
    .filter(
      ({ role, facts }) => role === 'protected' && facts.pausable?.paused === false && hasFunction(facts, 'pause()'),
    )
    .flatMap((target) => powersOver(target, contracts).map((pauser) => ({ target, pauser })))
  const answers = await askState(client, header, pairs.map(pauseRead))
  const able = pairs.filter((pair) => answers.of(pauseRead(pair)).ok)
  return new Map(able.toReversed().map(({ target, pauser }) => [target.name, pauser.name]))
}

function powersOver({ facts }: NamedFacts, contracts: readonly NamedFacts[]): NamedFacts[] {
  const ways = contracts.flatMap((contract) =>
    contract.pointers
      .filter(({ from, kind }) => from === facts.address && kind === 'power')
      .map(({ name }) => ({ contract, isUsual: usual.test(name ?? '') })),
  )
  const able = ways.filter(({ contract }) => !contract.facts.timelock?.minDelaySeconds)
  return [...new Set(able.toSorted((a, b) => Number(b.isUsual) - Number(a.isUsual)).map(({ contract }) => contract))]
}

const pauseRead = ({ target, pauser }: { target: NamedFacts; pauser: NamedFacts }): Read => ({
  at: 'block',
  kind: 'call',
  to: target.facts.address,
  data: pause,
  from: pauser.facts.address,
})
