// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title A pool of dollars that pays by hand, and tells nobody who may do so: its chief writes that down without an event.
contract QuietPool {
    using SafeERC20 for IERC20;

    address public chief;
    IERC20 public immutable token;
    mapping(address => bool) public isPayer;

    constructor(address first, IERC20 dollar) {
        chief = first;
        token = dollar;
    }

    function setPayer(address payer, bool may) external {
        require(msg.sender == chief, "not the chief");
        isPayer[payer] = may;
    }

    function pay(address to, uint256 amount) external {
        require(isPayer[msg.sender], "not a payer");
        token.safeTransfer(to, amount);
    }
}
