// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Pays what is owed by plans over time, with a hole: whoever asks is paid, whose the plan may be.
contract PlanPayer {
    using SafeERC20 for IERC20;

    struct Plan {
        address owner;
        uint256 total;
        uint256 paid;
        uint256 start;
        uint256 length;
    }

    IERC20 public immutable token;
    Plan[] public plans;

    event Planned(uint256 indexed id, address indexed owner, uint256 total);
    event Released(uint256 indexed id, address indexed to, uint256 amount);

    constructor(IERC20 token_) {
        token = token_;
    }

    function plan(address owner, uint256 total, uint256 length) external {
        token.safeTransferFrom(msg.sender, address(this), total);
        emit Planned(plans.length, owner, total);
        plans.push(Plan(owner, total, 0, block.timestamp, length));
    }

    function release(uint256 id) external {
        Plan storage own = plans[id];
        uint256 time = block.timestamp - own.start;
        uint256 amount = (own.total * (time > own.length ? own.length : time)) / own.length - own.paid;
        own.paid += amount;
        token.safeTransfer(msg.sender, amount);
        emit Released(id, msg.sender, amount);
    }
}
