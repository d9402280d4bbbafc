import { toFunctionSelector, toHex } from 'viem/utils'
import type { Address } from '../../../model/chain.ts'
import type { Read } from '../../../model/read.ts'

/** Votes against, for and abstaining, as OpenZeppelin's governor counts them. */
export const tallyRead = (governor: Address, id: string): Read => ({
  ...{ kind: 'call', at: 'block', to: governor },
  data: `${toFunctionSelector('proposalVotes(uint256)')}${toHex(BigInt(id), { size: 32 }).slice(2)}`,
})
