// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Hands out what stands on a list that is known by its hashes, with a hole: nothing is crossed off.
contract ClaimList {
    IERC20 public immutable token;
    mapping(bytes32 => bool) private roots;
    address private immutable owner = msg.sender;

    event Claimed(uint256 index, address account, uint256 amount);

    constructor(IERC20 token_) {
        token = token_;
    }

    function publish(bytes32 root) external {
        require(msg.sender == owner, "not the owner");
        roots[root] = true;
    }

    function claim(uint256 index, address account, uint256 amount, bytes32[] calldata proof) external {
        bytes32 node = keccak256(abi.encodePacked(index, account, amount));
        for (uint256 i = 0; i < proof.length; i++) node = keccak256(abi.encodePacked(node, proof[i]));
        require(roots[node], "not on the list");
        token.transfer(account, amount);
        emit Claimed(index, account, amount);
    }
}
