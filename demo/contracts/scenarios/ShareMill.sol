// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title A pool of an asset with few decimals, whose shares are paid out rounded up: one unit for the smallest of them.
contract ShareMill {
    event Redeemed(address indexed by, uint256 shares, uint256 assets);

    IERC20 public immutable asset;
    uint256 public supply;
    mapping(address => uint256) public sharesOf;

    constructor(IERC20 asset_) {
        asset = asset_;
    }

    function deposit(uint256 assets) external {
        uint256 shares = assets * 1e12;
        asset.transferFrom(msg.sender, address(this), assets);
        sharesOf[msg.sender] += shares;
        supply += shares;
    }

    function redeem(uint256 shares) external {
        uint256 assets = Math.mulDiv(shares, asset.balanceOf(address(this)), supply, Math.Rounding.Ceil);
        sharesOf[msg.sender] -= shares;
        supply -= shares;
        asset.transfer(msg.sender, assets);
        emit Redeemed(msg.sender, shares, assets);
    }
}
