// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ShareMill} from "../scenarios/ShareMill.sol";

/// @title Redeems shares of the mill in many steps of one transaction.
contract MillGrinder {
    ShareMill private immutable mill;
    IERC20 private immutable asset;

    constructor(ShareMill mill_) {
        mill = mill_;
        asset = mill_.asset();
    }

    function enter(uint256 assets) external {
        asset.transferFrom(msg.sender, address(this), assets);
        asset.approve(address(mill), assets);
        mill.deposit(assets);
    }

    function grind(uint256 shares, uint256 times) external {
        for (uint256 i = 0; i < times; i++) mill.redeem(shares);
        asset.transfer(msg.sender, asset.balanceOf(address(this)));
    }
}
