import { encodeFunctionData, type Hex, maxUint256, parseUnits } from 'viem'
import { readArtifact } from '../artifact.ts'
import { roles } from '../protocol.ts'
import type { Bound } from '../send.ts'
import type { Stage } from './stage.ts'

export const dollars = (amount: string) => parseUnits(amount, 6)

/** Who may do what with the vault. `admin` grants roles, `upgrader` replaces the code. */
type Keys = { admin: Hex; upgrader: Hex; guardian: Hex; strategist: Hex }
export type AcmeVault = { vault: Bound; asset: Bound; keys: Keys; users: readonly Hex[]; use(): Promise<void> }

/**
 * The demo's vault (ERC-4626, roles, UUPS proxy) with six users, who hold four million dollars in it.
 *
 * @param given.asset A token of 6 decimals that the first account mints; the demo's dollar where none is given.
 */
export async function acmeVault(
  stage: Stage,
  { asset: given, ...others }: Partial<Keys> & { asset?: Bound } = {},
): Promise<AcmeVault> {
  const { deploy, call, accounts, mine } = stage
  const [deployer, admin, upgrader, guardian, strategist, ...rest] = accounts as [Hex, Hex, Hex, Hex, Hex, ...Hex[]]
  const keys = { admin, upgrader, guardian, strategist, ...others }
  const users = rest.slice(0, 6)
  const asset = given ?? (await deploy(readArtifact('DemoDollar'), { args: [deployer] }))
  const implementation = await deploy(readArtifact('AcmeVault'))
  const args = [asset.address, [keys.admin, keys.admin], keys.upgrader, keys.guardian, keys.strategist]
  const initialize = encodeFunctionData({ abi: implementation.abi, functionName: 'initialize', args })
  const proxy = await deploy(readArtifact('ERC1967Proxy'), { args: [implementation.address, initialize] })
  const vault = { address: proxy.address, abi: implementation.abi }
  for (const [index, user] of users.entries()) {
    await call(asset, 'mint', [user, dollars('1200000')])
    await call(asset, 'approve', [vault.address, maxUint256], { from: user })
    await call(vault, 'deposit', [dollars(`${540_000 + index * 50_000}`), user], { from: user })
  }
  return {
    vault,
    asset,
    keys,
    users,
    async use() {
      for (const [index, user] of users.entries()) {
        await call(vault, 'deposit', [dollars(`${900 + index * 310}`), user], { from: user })
        await mine(4)
        await call(vault, 'withdraw', [dollars(`${400 + index * 270}`), user, user], { from: user })
        await mine(2)
      }
    },
  }
}

/** Makes an account administrator of all that the vault's roles protect. */
export const grant = (stage: Stage, { vault, keys }: AcmeVault, role: keyof typeof roles, account: Hex) =>
  stage.call(vault, 'grantRole', [roles[role], account], { from: keys.admin })
