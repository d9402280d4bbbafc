import { keccak256 } from 'viem/utils'
import type { Address, Hex } from '../../../model/chain.ts'

/**
 * Contracts that Safe publishes to be run by delegatecall and that can do no more in the name of a Safe than its owners
 * signed. Addresses: github.com/safe-global/safe-deployments, of which the same code stands on every chain.
 */
const published: ReadonlySet<Address> = new Set<Address>([
  // MultiSend 1.1.1, 1.3.0 (canonical, EIP-155, zkSync), 1.4.1 (canonical, zkSync), 1.5.0
  '0x8d29be29923b68abfdd21e541b9374737b49cdad',
  '0xa238cbeb142c10ef7ad8442c6d1f9e89e07e7761',
  '0x998739bfdaadde7c933b942a68053933098f9eda',
  '0x0dfcccb95225ffb03c6fbb2559b530c2b7c8a912',
  '0x38869bf66a61cf6bdb996a6ae40d5853fd43b526',
  '0x309d0b190fecca8e1d5d8309a16f7e3cb133e885',
  '0x218543288004cd07832472d464648173c77d7eb7',
  // MultiSendCallOnly 1.3.0 (canonical, EIP-155, zkSync), 1.4.1 (canonical, zkSync), 1.5.0
  '0x40a2accbd92bca938b02010e17a5b8929b49130d',
  '0xa1dabef33b3b82c7814b6d82a79e50f4ac44102b',
  '0xf220d3b4dfb23c4ade8c88e526c1353abacbc38f',
  '0x9641d764fc13c8b624c04430c7356c1c7c8102e2',
  '0x0408ef011960d02349d50286d20531229bcef773',
  '0xa83c336b20401af773b6219ba5027174338d1836',
  // SignMessageLib 1.3.0 (canonical, EIP-155, zkSync), 1.4.1
  '0xa65387f16b013cf2af4605ad8aa5ec25a2cba3a2',
  '0x98ffbbf51bb33a056b08ddf711f289936aaff717',
  '0x357147caf9c0cca67dfa0cf5369318d8193c8407',
  '0xd53cd0ab83d845ac265be939c57f53ad838012c9',
  // CreateCall 1.3.0 (canonical, EIP-155), 1.4.1
  '0x7cbb62eaa69f79e6873cd1ecb2392971036cfaa4',
  '0xb19d6ffc2182150f8eb585b79d4abcd7c5640a9d',
  '0x9b35af71d77eaf8d7e40252370304687390a1a52',
])

/** Of the same contracts elsewhere: see `libraryHash`. Of 1.3.0 as published beside the addresses, of 1.4.1 as its package builds it. */
const codeHashes: ReadonlySet<Hex> = new Set<Hex>([
  // MultiSendCallOnly, SignMessageLib, CreateCall 1.3.0
  '0xa9865ac2d9c7a1591619b188c4d88167b50df6cc0c5327fcbd1c8c75f7c066ad',
  '0x3ac65dea3cc9dd0d7b7b800f834e3d73415b4e944bb94555c3e4a08fb137e918',
  '0x8155d988823a4f6f1bcbc76a64af8e510c4ce68819290d43cf24956bd24dee82',
  // MultiSend, MultiSendCallOnly, SignMessageLib, CreateCall 1.4.1
  '0xbe8c0a076af4c2555e37ce30e86a260c5d695e7f1f372621e64eb3b8f91afcea',
  '0xecd5bd14a08c5d2122379900b2f272bdf107a7e92423c10dd5fe3254386c9939',
  '0x525c754a46b79e05543a59bb61e8de3c9eee0d955a59352409cbe67ea1077528',
  '0x2b3060c55fcb8275653e99ad511a71f67ba76934ed66a7d74d6e68b52afff889',
])

export const isPublished = (address: Address) => published.has(address)

/** Of the code without its own address, which MultiSend carries in it. */
function libraryHash(code: Hex, address: Address): Hex {
  return keccak256(code.replaceAll(address.slice(2), '0'.repeat(40)) as Hex)
}

export const isLibraryCode = (code: Hex, address: Address) => codeHashes.has(libraryHash(code, address))
