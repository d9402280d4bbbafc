// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CoinKeep} from "./CoinKeep.sol";

/// @title Lends coins against what somebody has in a keep. It tells of nothing.
contract KeepLender {
    CoinKeep public immutable keep;
    mapping(address => uint256) public owed;

    constructor(CoinKeep keep_) {
        keep = keep_;
    }

    receive() external payable {}

    function borrow(uint256 amount) external {
        owed[msg.sender] += amount;
        require(owed[msg.sender] * 10 <= keep.kept(msg.sender) * 8, "too much");
        (bool paid,) = msg.sender.call{value: amount}("");
        require(paid, "not paid");
    }
}
