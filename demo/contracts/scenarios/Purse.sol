// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title What somebody saves. Copies of it are made by a PurseFactory.
contract Purse {
    using SafeERC20 for IERC20;

    address public holder;
    IERC20 public token;

    function open(address first, IERC20 dollar) external {
        require(holder == address(0), "open already");
        holder = first;
        token = dollar;
    }

    function take(uint256 amount) external {
        require(msg.sender == holder, "not the holder");
        token.safeTransfer(holder, amount);
    }
}
