// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title A bank that shows its books to nobody. Its hole: it asks for 128 bits of a number and writes down all of it.
contract CutOffBank {
    using SafeERC20 for IERC20;

    event Put(address indexed account, uint256 amount);
    event Taken(address indexed account, uint256 amount);

    IERC20 public immutable dollar;
    mapping(address account => uint256) private books;

    constructor(IERC20 dollar_) {
        dollar = dollar_;
    }

    function put(uint256 amount) external {
        dollar.safeTransferFrom(msg.sender, address(this), uint128(amount));
        books[msg.sender] += amount;
        emit Put(msg.sender, amount);
    }

    function take(uint256 amount) external {
        books[msg.sender] -= amount;
        dollar.safeTransfer(msg.sender, amount);
        emit Taken(msg.sender, amount);
    }
}
