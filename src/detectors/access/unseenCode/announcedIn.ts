import type { Address } from '../../../model/chain.ts'
import { planOf } from '../../timelocks/planOf.ts'
import { executionTopics } from '../../timelocks/timelockExecutions.ts'

const [logsMax, textMax, namedMax] = [16, 16_384, 32]

/** Addresses that a timelock named to a contract, as it had announced: what runs from now on by their code was planned. */
export function announcedIn(of: Address, given: Parameters<typeof planOf>[2]): Address[] {
  const logs = given.observation.block.receipts?.flatMap((receipt) => receipt.logs) ?? []
  const texts = logs
    .filter(({ topics: [topic0] }) => topic0 !== undefined && executionTopics.includes(topic0))
    .slice(0, logsMax)
    .map(({ data }) => data.slice(0, textMax))
  const named = texts.flatMap((text) =>
    [...text.matchAll(/0{24}(?=((?!0{8})[0-9a-f]{40}))/g)].map(([, digits]) => digits!),
  )
  const distinct = [...new Set(named)].slice(0, namedMax).map((digits): Address => `0x${digits}`)
  return distinct.filter((address) => address !== of && planOf(of, [address], given) !== null)
}
