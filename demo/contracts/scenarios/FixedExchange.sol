// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Changes one token for as much of another, both ways.
contract FixedExchange {
    using SafeERC20 for IERC20;

    IERC20 public immutable token;
    IERC20 public immutable underlying;

    constructor(IERC20 token_, IERC20 underlying_) {
        token = token_;
        underlying = underlying_;
    }

    function change(uint256 amount, address to) external {
        token.safeTransferFrom(msg.sender, address(this), amount);
        underlying.safeTransfer(to, amount);
    }

    function changeBack(uint256 amount, address to) external {
        underlying.safeTransferFrom(msg.sender, address(this), amount);
        token.safeTransfer(to, amount);
    }
}
