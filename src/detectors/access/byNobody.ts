import type { Address, Hex } from '../../model/chain.ts'
import type { Read } from '../../model/read.ts'

/** Nobody's account, which may do nothing. */
export const nobody: Address = '0x1d9c47be5a20f3861c7e94d05bf26a8370e15c4b'

/** Whether anybody could have made the same call. */
export const byNobody = ({ input }: { input: Hex }, to: Address): Read => ({
  ...{ at: 'parent', kind: 'call', to },
  ...{ data: input, from: nobody },
})
