// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title A purse that looks like the others, and lets everybody take what is in it.
contract OpenPurse {
    using SafeERC20 for IERC20;

    address public holder;
    IERC20 public token;

    function open(address first, IERC20 dollar) external {
        holder = first;
        token = dollar;
    }

    function take(uint256 amount) external {
        token.safeTransfer(msg.sender, amount);
    }
}
