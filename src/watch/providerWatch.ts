import type { ChainClient } from '../evm/rpc/chainClient.ts'
import type { Agreement } from './agreement.ts'
import type { Raised } from './commitBlock.ts'
import { selfAlertKey, selfFinding } from './selfFinding.ts'

/** What a block's commit tells of the providers. */
export type ProviderChange = Pick<Raised, 'sighted' | 'cleared'>

/** Sees to it that people hear of providers that tell untruths or contradict each other. */
export type ProviderWatch = {
  /** Changes nothing: what it returns counts once `settle` is called. */
  consider(block: number): ProviderChange
  settle(): void
}

const disputeTrouble = 'the providers disagree'

/** @param disputeAfterMs How long providers may contradict each other, as they do in a reorg, before people are told. */
export function createProviderWatch(
  chain: { id: number; name: string; disputeAfterMs: number },
  client: ChainClient,
  agreement: Agreement,
): ProviderWatch {
  /** How many untruths of each provider, in the order of the config, people were told of. */
  let told: number[] = []
  let next: number[] = []
  let toldSince: number | null = null
  let nextSince: number | null = null

  function untruths(block: number): ProviderChange['sighted'] {
    return client.providers().flatMap(({ host, untruths, lastUntruth }, index) => {
      next[index] = untruths
      if (untruths <= (told[index] ?? 0)) return []
      const finding = selfFinding({
        chainId: chain.id,
        trouble: `provider ${host} is not to be believed`,
        episode: `block ${block}`,
        title: `Provider ${host} of ${chain.name} told what cannot be true: ${lastUntruth}`,
        severity: 'medium',
        facts: { provider: host, untruths: String(untruths) },
      })
      return [{ finding, sighting: null }]
    })
  }

  function disputes(): ProviderChange {
    const dispute = agreement.dispute()
    const lasts = dispute !== null && performance.now() - dispute.since >= chain.disputeAfterMs
    nextSince = lasts ? dispute.since : null
    if (!lasts) return { sighted: [], cleared: toldSince === null ? [] : [selfAlertKey(chain.id, disputeTrouble)] }
    if (toldSince === dispute.since) return { sighted: [], cleared: [] }
    const finding = selfFinding({
      chainId: chain.id,
      trouble: disputeTrouble,
      episode: dispute.words,
      title: `The providers of ${chain.name} disagree, so nothing is confirmed: ${dispute.words}`,
      severity: 'high',
      facts: { chain: chain.name, dispute: dispute.words },
    })
    return { sighted: [{ finding, sighting: null }], cleared: [] }
  }

  return {
    consider(block) {
      next = [...told]
      const { sighted, cleared } = disputes()
      return { sighted: [...untruths(block), ...sighted], cleared }
    },
    settle() {
      told = next
      toldSince = nextSince
    },
  }
}
