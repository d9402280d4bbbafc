// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Keeps several tokens, with a hole: it does not look whether a token answered that it moved.
contract TokensBank {
    mapping(address token => mapping(address account => uint256)) public balances;

    event Deposit(address indexed token, address indexed account, uint256 amount);
    event Withdraw(address indexed token, address indexed account, uint256 amount);

    function deposit(IERC20 token, uint256 amount) external {
        token.transferFrom(msg.sender, address(this), amount);
        balances[address(token)][msg.sender] += amount;
        emit Deposit(address(token), msg.sender, amount);
    }

    function withdraw(IERC20 token, uint256 amount) external {
        balances[address(token)][msg.sender] -= amount;
        token.transfer(msg.sender, amount);
        emit Withdraw(address(token), msg.sender, amount);
    }
}
