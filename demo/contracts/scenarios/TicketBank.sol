// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Keeps money for numbered tickets, with a hole: a ticket that was closed can be closed again.
contract TicketBank {
    using SafeERC20 for IERC20;

    struct Ticket {
        address owner;
        uint256 amount;
    }

    IERC20 public immutable token;
    Ticket[] public tickets;

    event Opened(uint256 indexed id, address indexed owner, uint256 amount);
    event Closed(uint256 indexed id, address indexed owner, uint256 amount);

    constructor(IERC20 token_) {
        token = token_;
    }

    function open(uint256 amount) external returns (uint256 id) {
        token.safeTransferFrom(msg.sender, address(this), amount);
        id = tickets.length;
        tickets.push(Ticket(msg.sender, amount));
        emit Opened(id, msg.sender, amount);
    }

    function close(uint256 id) external {
        Ticket memory ticket = tickets[id];
        require(ticket.owner == msg.sender, "not the owner");
        token.safeTransfer(msg.sender, ticket.amount);
        emit Closed(id, msg.sender, ticket.amount);
    }
}
