import { encodeFunctionData } from 'viem'
import { readArtifact } from '../artifact.ts'
import type { Bound } from '../send.ts'
import type { Stage } from './stage.ts'

/** A stablecoin of somebody else, behind a proxy; the first account is its issuer. */
export async function issuedDollar({ deploy, accounts }: Stage): Promise<Bound> {
  const { address, abi } = await deploy(readArtifact('FreezableDollar'))
  const initialize = encodeFunctionData({ abi, functionName: 'initialize', args: [accounts[0]] })
  const proxy = await deploy(readArtifact('ERC1967Proxy'), { args: [address, initialize] })
  return { address: proxy.address, abi }
}
