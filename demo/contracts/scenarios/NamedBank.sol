// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title A bank by which helpers pay out what is somebody's. Its hole: it asks nobody whether he may.
contract NamedBank {
    using SafeERC20 for IERC20;

    event Put(address indexed account, uint256 amount);
    event Paid(address indexed account, address indexed to, uint256 amount);

    IERC20 public immutable dollar;
    mapping(address account => uint256) public savings;

    constructor(IERC20 dollar_) {
        dollar = dollar_;
    }

    function put(uint256 amount) external {
        dollar.safeTransferFrom(msg.sender, address(this), amount);
        savings[msg.sender] += amount;
        emit Put(msg.sender, amount);
    }

    function pay(address account, address to, uint256 amount) external {
        savings[account] -= amount;
        dollar.safeTransfer(to, amount);
        emit Paid(account, to, amount);
    }
}
