import { erc20Abi } from 'viem'
import { detectors } from '../../src/detectors/index.ts'
import type { Address } from '../../src/model/chain.ts'
import { KnownError } from '../../src/model/error.ts'
import type { Monitor } from '../../src/model/monitor.ts'
import { contract } from './scene.ts'
import { monitor } from './watchScene.ts'

/** What detectors cannot do without, filled in as somebody would for these contracts. */
const needed: Record<string, object> = {
  'account-entries': { entries: ['0x70a08231'] },
  'key-settings': { values: ['0x61d027b3'], lists: ['0xbb0b6a53'] },
  'new-rights': { views: ['0xaa271e1a'] },
  absence: { of: 'event Transfer(address indexed from, address indexed to, uint256 value)', within: 100 },
  state: { invariant: 'totalSupply() > 0' },
  'pauser-health': { pauser: '$busy0' },
  'oracle-deviation': { sources: [{ feed: '$busy0' }, { feed: '$busy1' }] },
  'large-transfer': { units: '1000000000000000000000' },
  'value-jump': { values: ['totalSupply()'], percent: 10 },
  'oracle-stale': { feeds: ['$busy0'], heartbeat: 3_600 },
  'oracle-bounds': { feeds: ['$busy0'] },
  'oracle-jump': { feeds: ['$busy0'], percent: 10 },
  'oracle-config': { feeds: ['$busy0'] },
  'price-manipulation': { sources: ['$busy1'] },
  'service-health': { of: 'event Transfer(address indexed from, address indexed to, uint256 value)' },
  'sequencer-uptime': { feed: '$busy0' },
  'governance-cost': {
    votes: '$busy0',
    market: { price: { feed: '$busy0' } },
    treasury: [{ token: '$busy1', price: 1 }],
  },
  'dependency-map': { links: [{ in: '$busy0', what: 'owner', call: '0x8da5cb5b', is: '$busy1' }] },
  depeg: { prices: [{ feed: '$busy0' }] },
  'pool-depth': { pools: [{ pool: '$busy1', tokens: ['$busy0'] }] },
}

/** All detectors that watch without a rule, each over all of these contracts. `left`: those that refuse, and why. */
export function presetMonitors(
  addresses: readonly Address[],
  { traces }: { traces: boolean },
): { monitors: Monitor[]; left: string[] } {
  const targets = addresses.map((address, place) => contract(`busy${place}`, address, { kind: 'erc20', abi: erc20Abi }))
  const names = new Map(targets.map((each) => [each.name, each]))
  const monitors: Monitor[] = []
  const left: string[] = []
  for (const detector of detectors.values()) {
    if (detector.when === 'required') continue
    const own = { ...needed[detector.id], ...(traces ? {} : untraced(detector.options)) }
    const parsed = detector.options.safeParse(own)
    try {
      if (!parsed.success) throw new KnownError('invalid', parsed.error.issues[0]!.message)
      const chain = { name: 'mainnet', id: 1 }
      const watch = detector.compile({ options: parsed.data, targets, names, when: undefined, chain })
      const { id, severity, sign } = detector
      monitors.push(monitor(id, watch, { detector: id, severity, ...(sign && { sign }) }))
    } catch (error) {
      if (!(error instanceof KnownError)) throw error
      left.push(`${detector.id}: ${error.message}`)
    }
  }
  return { monitors, left }
}

const untraced = (options: (typeof detectors extends ReadonlyMap<string, infer D> ? D : never)['options']) =>
  options.safeParse({ traces: 'none' }).success ? { traces: 'none' } : {}
