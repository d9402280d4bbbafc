// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

/// @title What its owner says that accounts are owed. Each sum is taken once.
contract OwedRegistry is Ownable {
    mapping(address account => uint256) public owedTo;

    constructor(address owner) Ownable(owner) {}

    function credit(address account, uint256 amount) external onlyOwner {
        owedTo[account] += amount;
    }

    function take(address account) external returns (uint256 amount) {
        amount = owedTo[account];
        owedTo[account] = 0;
    }
}
