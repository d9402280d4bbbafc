// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title An ERC-4626 vault with a hole: `zap` gives shares for whatever token its caller names.
contract ZapVault is ERC4626 {
    using SafeERC20 for IERC20;

    constructor(IERC20 asset_) ERC20("Zap Vault Share", "zvUSD") ERC4626(asset_) {}

    function zap(IERC20 token, uint256 amount, address receiver) external returns (uint256 shares) {
        shares = previewDeposit(amount);
        token.safeTransferFrom(msg.sender, address(this), amount);
        _mint(receiver, shares);
        emit Deposit(msg.sender, receiver, amount, shares);
    }
}
