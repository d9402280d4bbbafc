import type { Abi, AbiEvent, AbiFunction } from 'viem'
import { formatAbiItem, parseAbi } from 'viem/utils'

/** What contracts of a standard have in common, for contracts whose own ABI is not given. By `kind` where it has one. */
const standards: Record<string, Abi> = {
  erc20: parseAbi([
    'event Transfer(address indexed from, address indexed to, uint256 value)',
    'event Approval(address indexed owner, address indexed spender, uint256 value)',
    'function name() view returns (string)',
    'function symbol() view returns (string)',
    'function decimals() view returns (uint8)',
    'function totalSupply() view returns (uint256)',
    'function balanceOf(address account) view returns (uint256)',
    'function allowance(address owner, address spender) view returns (uint256)',
    'function transfer(address to, uint256 value) returns (bool)',
    'function approve(address spender, uint256 value) returns (bool)',
    'function transferFrom(address from, address to, uint256 value) returns (bool)',
  ]),
  erc721: parseAbi([
    'event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)',
    'event Approval(address indexed owner, address indexed approved, uint256 indexed tokenId)',
    'event ApprovalForAll(address indexed owner, address indexed operator, bool approved)',
    'function balanceOf(address owner) view returns (uint256)',
    'function ownerOf(uint256 tokenId) view returns (address)',
    'function getApproved(uint256 tokenId) view returns (address)',
    'function isApprovedForAll(address owner, address operator) view returns (bool)',
    'function setApprovalForAll(address operator, bool approved)',
  ]),
  erc1155: parseAbi([
    'event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value)',
    'event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)',
    'event ApprovalForAll(address indexed account, address indexed operator, bool approved)',
    'event URI(string value, uint256 indexed id)',
    'function balanceOf(address account, uint256 id) view returns (uint256)',
  ]),
  erc4626: parseAbi([
    'event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares)',
    'event Withdraw(address indexed sender, address indexed receiver, address indexed owner, uint256 assets, uint256 shares)',
    'function asset() view returns (address)',
    'function totalAssets() view returns (uint256)',
    'function convertToAssets(uint256 shares) view returns (uint256)',
    'function convertToShares(uint256 assets) view returns (uint256)',
    'function deposit(uint256 assets, address receiver) returns (uint256 shares)',
    'function mint(uint256 shares, address receiver) returns (uint256 assets)',
    'function withdraw(uint256 assets, address receiver, address owner) returns (uint256 shares)',
    'function redeem(uint256 shares, address receiver, address owner) returns (uint256 assets)',
  ]),
  ownable: parseAbi([
    'event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner)',
    'event OwnershipTransferred(address indexed previousOwner, address indexed newOwner)',
    'function owner() view returns (address)',
    'function pendingOwner() view returns (address)',
    'function transferOwnership(address newOwner)',
    'function acceptOwnership()',
    'function renounceOwnership()',
  ]),
  pausable: parseAbi([
    'event Paused(address account)',
    'event Unpaused(address account)',
    'function paused() view returns (bool)',
    'function pause()',
    'function unpause()',
  ]),
  'access-control': parseAbi([
    'event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender)',
    'event RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender)',
    'event RoleAdminChanged(bytes32 indexed role, bytes32 indexed previousAdminRole, bytes32 indexed newAdminRole)',
    'function hasRole(bytes32 role, address account) view returns (bool)',
    'function getRoleAdmin(bytes32 role) view returns (bytes32)',
    'function grantRole(bytes32 role, address account)',
    'function revokeRole(bytes32 role, address account)',
    'function renounceRole(bytes32 role, address callerConfirmation)',
  ]),
  safe: parseAbi([
    'function getOwners() view returns (address[])',
    'function getThreshold() view returns (uint256)',
    'function isOwner(address owner) view returns (bool)',
    'function isModuleEnabled(address module) view returns (bool)',
    'function nonce() view returns (uint256)',
  ]),
  'chainlink-feed': parseAbi([
    'event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt)',
    'function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)',
    'function latestAnswer() view returns (int256)',
    'function aggregator() view returns (address)',
  ]),
  erc1967: parseAbi([
    'event Upgraded(address indexed implementation)',
    'event AdminChanged(address previousAdmin, address newAdmin)',
    'event BeaconUpgraded(address indexed beacon)',
  ]),
}

/** Events of proxies, which the ABI of what stands behind them lacks. */
export const proxyAbi: Abi = standards.erc1967!

/**
 * The events and functions of all standards; where two standards share a signature, as ERC-20 and ERC-721 share
 * `Transfer`, the one of `kind` counts, else the one that comes first above.
 */
export function standardAbi(kind?: string): (AbiEvent | AbiFunction)[] {
  const preferred = kind !== undefined && Object.hasOwn(standards, kind) ? standards[kind] : undefined
  const items = [...(preferred ?? []), ...Object.values(standards).flat()]
  const bySignature = new Map<string, AbiEvent | AbiFunction>()
  for (const item of items) {
    if (item.type !== 'event' && item.type !== 'function') continue
    const signature = `${item.type} ${formatAbiItem(item)}`
    if (!bySignature.has(signature)) bySignature.set(signature, item)
  }
  return [...bySignature.values()]
}
