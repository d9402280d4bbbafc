// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Takes coins for a vault whose keepers pay on another chain for what it tells. Its hole: it does not look whether
/// the coins came.
contract TellingRouter {
    event Deposit(address indexed vault, address indexed coin, uint256 amount, string memo);
    event Paid(address indexed vault, address indexed to, address coin, uint256 amount, string memo);

    mapping(address vault => mapping(address coin => uint256)) public keptFor;

    function deposit(address vault, address coin, uint256 amount, string calldata memo) external {
        (bool ok,) = coin.call(abi.encodeCall(IERC20.transferFrom, (msg.sender, address(this), amount)));
        ok;
        keptFor[vault][coin] += amount;
        emit Deposit(vault, coin, amount, memo);
    }

    function pay(address to, address coin, uint256 amount, string calldata memo) external {
        keptFor[msg.sender][coin] -= amount;
        IERC20(coin).transfer(to, amount);
        emit Paid(msg.sender, to, coin, amount, memo);
    }
}
