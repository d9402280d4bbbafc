// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title A bank that writes down what each account put in, with a hole: `takeQuickly` forgets to cross it off.
contract EntryBank {
    using SafeERC20 for IERC20;

    error NotYours(uint256 amount, uint256 entry);

    IERC20 private immutable token;
    mapping(address account => uint256) public entryOf;

    constructor(IERC20 token_) {
        token = token_;
    }

    function put(uint256 amount) external {
        token.safeTransferFrom(msg.sender, address(this), amount);
        entryOf[msg.sender] += amount;
    }

    function take(uint256 amount) external {
        entryOf[msg.sender] -= amount;
        token.safeTransfer(msg.sender, amount);
    }

    function takeQuickly(uint256 amount) external {
        if (entryOf[msg.sender] < amount) revert NotYours(amount, entryOf[msg.sender]);
        token.safeTransfer(msg.sender, amount);
    }
}
