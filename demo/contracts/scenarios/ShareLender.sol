// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Lends dollars against shares of a vault, at what the vault says at the moment that they are worth.
contract ShareLender {
    ERC4626 public immutable collateral;
    IERC20 public immutable dollar;
    mapping(address => uint256) public pledged;
    mapping(address => uint256) public owed;

    constructor(ERC4626 collateral_, IERC20 dollar_) {
        collateral = collateral_;
        dollar = dollar_;
    }

    function pledge(uint256 shares) external {
        collateral.transferFrom(msg.sender, address(this), shares);
        pledged[msg.sender] += shares;
    }

    function borrow(uint256 amount) external {
        owed[msg.sender] += amount;
        require(owed[msg.sender] * 10 <= collateral.convertToAssets(pledged[msg.sender]) * 9, "too much");
        dollar.transfer(msg.sender, amount);
    }
}
