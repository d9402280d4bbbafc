// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {TicketBank} from "./TicketBank.sol";

/// @title A bank of tickets for a coin that has a price, with the hole of all such banks.
contract CoinTickets is TicketBank {
    address public immutable feed;

    constructor(IERC20 coin, address feed_) TicketBank(coin) {
        feed = feed_;
    }
}
