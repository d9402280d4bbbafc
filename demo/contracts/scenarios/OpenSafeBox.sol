// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Keeps dollars for its users. The hole: whoever a user named as heir may take all of it, and anybody names heirs.
contract OpenSafeBox {
    IERC20 public immutable asset;
    mapping(address => uint256) public balanceOf;
    mapping(address => address) public heirOf;

    event Kept(address indexed user, uint256 amount);
    event Taken(address indexed user, address indexed by, uint256 amount);

    constructor(IERC20 asset_) {
        asset = asset_;
    }

    function keep(uint256 amount) external {
        require(asset.transferFrom(msg.sender, address(this), amount), "not paid");
        balanceOf[msg.sender] += amount;
        emit Kept(msg.sender, amount);
    }

    function nameHeir(address user, address heir) external {
        heirOf[user] = heir;
    }

    function take(address user, uint256 amount) external {
        require(msg.sender == user || msg.sender == heirOf[user], "not yours");
        balanceOf[user] -= amount;
        require(asset.transfer(msg.sender, amount), "not paid");
        emit Taken(user, msg.sender, amount);
    }
}
