// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {TicketBank} from "./TicketBank.sol";

/// @title Opens and closes many tickets of its owner at once. Whether one of them is named twice it does not ask.
contract TicketClerk {
    TicketBank private immutable bank;
    address private immutable owner;

    constructor(TicketBank bank_) {
        bank = bank_;
        owner = msg.sender;
    }

    function open(uint256[] calldata amounts) external {
        for (uint256 i = 0; i < amounts.length; i++) {
            bank.token().approve(address(bank), amounts[i]);
            bank.open(amounts[i]);
        }
    }

    function close(uint256[] calldata ids) external {
        require(msg.sender == owner, "not the owner");
        for (uint256 i = 0; i < ids.length; i++) bank.close(ids[i]);
        bank.token().transfer(owner, bank.token().balanceOf(address(this)));
    }
}
