// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title The yield of the vault: drips dollars into it at a rate that the DAO sets.
contract AcmeRewards is Ownable {
    using SafeERC20 for IERC20;

    event Dripped(uint256 amount);
    event RateChanged(uint256 previous, uint256 current);

    IERC20 public immutable dollar;
    address public immutable vault;
    /// In base units of the dollar.
    uint256 public ratePerSecond;
    uint256 public drippedAt;

    constructor(address owner, IERC20 dollar_, address vault_, uint256 rate) Ownable(owner) {
        dollar = dollar_;
        vault = vault_;
        ratePerSecond = rate;
        drippedAt = block.timestamp;
    }

    function drip() public {
        uint256 due = (block.timestamp - drippedAt) * ratePerSecond;
        uint256 amount = Math.min(due, dollar.balanceOf(address(this)));
        drippedAt = block.timestamp;
        dollar.safeTransfer(vault, amount);
        emit Dripped(amount);
    }

    function setRate(uint256 current) external onlyOwner {
        drip();
        emit RateChanged(ratePerSecond, current);
        ratePerSecond = current;
    }
}
