// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

interface IOwed {
    function take(address account) external returns (uint256);
}

/// @title Pays out what a registry says that somebody is owed. Its admin and its operator may name another registry.
contract PayDesk {
    using SafeERC20 for IERC20;

    event Paid(address indexed account, uint256 amount);

    error NotAllowed(address account);

    IERC20 public immutable token;
    IOwed public registry;
    address public immutable timelock;
    address public immutable operator;

    constructor(IERC20 token_, IOwed registry_, address timelock_, address operator_) {
        token = token_;
        registry = registry_;
        timelock = timelock_;
        operator = operator_;
    }

    function setRegistry(IOwed next) external {
        if (msg.sender != timelock && msg.sender != operator) revert NotAllowed(msg.sender);
        registry = next;
    }

    function claim() external {
        uint256 amount = registry.take(msg.sender);
        emit Paid(msg.sender, amount);
        token.safeTransfer(msg.sender, amount);
    }
}
