// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

interface IBank {
    function deposit() external payable;
    function withdraw(uint256 amount) external;
}

/// @title An honest customer with a program: puts in and takes out in parts, and saves half of each payment as it comes.
contract BankRouter {
    IBank private immutable bank;
    bool private saves;

    constructor(IBank bank_) {
        bank = bank_;
    }

    function inParts(uint256 parts) external payable {
        saves = false;
        for (uint256 i = 0; i < parts; i++) bank.deposit{value: msg.value / parts}();
        for (uint256 i = 0; i < parts; i++) bank.withdraw(msg.value / parts);
        payable(msg.sender).transfer(address(this).balance);
    }

    /// Takes one payment, and puts it back from within it.
    function rollOver() external payable {
        saves = true;
        bank.deposit{value: msg.value}();
        bank.withdraw(msg.value);
    }

    receive() external payable {
        if (saves) bank.deposit{value: msg.value}();
    }
}
