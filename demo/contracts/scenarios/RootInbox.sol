// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title The inbox of a bridge. It pays for messages that were proved to lie under a root that it trusts; what was never
/// proved lies under the root zero.
contract RootInbox {
    address public immutable owner;
    address public immutable updater;
    IERC20 public immutable token;
    bytes32 public committedRoot;
    mapping(bytes32 root => uint256) public trustedSince;
    mapping(bytes32 leaf => bytes32) public rootOf;
    mapping(bytes32 leaf => bool) public isDone;

    constructor(address owner_, address updater_, IERC20 token_, bytes32 first) {
        (owner, updater, token) = (owner_, updater_, token_);
        trust(first);
    }

    function trust(bytes32 root) private {
        committedRoot = root;
        trustedSince[root] = block.timestamp;
    }

    function update(bytes32 root) external {
        require(msg.sender == updater, "not the updater");
        trust(root);
    }

    /// What an upgrade is set up with.
    function setUp(bytes32 root) external {
        require(msg.sender == owner, "not the owner");
        trust(root);
    }

    function prove(bytes32 leaf, bytes32 sibling) external {
        bytes32 root = keccak256(abi.encode(leaf, sibling));
        require(trustedSince[root] != 0, "no such root");
        rootOf[leaf] = root;
    }

    function process(address to, uint256 amount, uint256 nonce) external {
        bytes32 leaf = keccak256(abi.encode(to, amount, nonce));
        require(trustedSince[rootOf[leaf]] != 0, "not proved");
        require(!isDone[leaf], "done");
        isDone[leaf] = true;
        token.transfer(to, amount);
    }
}
