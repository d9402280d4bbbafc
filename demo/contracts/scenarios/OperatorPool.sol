// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title A pool of dollars that pays by hand. Who may do so stands on a list of its own, of which no standard tells.
contract OperatorPool {
    using SafeERC20 for IERC20;

    event OperatorSet(address operator, bool may);

    address public chief;
    IERC20 public immutable token;
    mapping(address => bool) public isOperator;

    constructor(address first, IERC20 dollar) {
        chief = first;
        token = dollar;
    }

    function setOperator(address operator, bool may) external {
        require(msg.sender == chief, "not the chief");
        isOperator[operator] = may;
        emit OperatorSet(operator, may);
    }

    function pay(address to, uint256 amount) external {
        require(isOperator[msg.sender], "not an operator");
        token.safeTransfer(to, amount);
    }
}
