// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// @title Pays out what stands in a list of which it keeps nothing but the root. A publisher replaces it every week; so may the owner.
contract RootDistributor {
    using SafeERC20 for IERC20;

    event Claimed(address indexed account, uint256 amount);

    error NotAllowed(address account);
    error NotInList();

    IERC20 public immutable token;
    address public immutable owner;
    address public immutable publisher;
    bytes32 public merkleRoot;
    mapping(bytes32 root => mapping(address account => bool)) public hasClaimed;

    constructor(IERC20 token_, address owner_, address publisher_) {
        (token, owner, publisher) = (token_, owner_, publisher_);
    }

    function setMerkleRoot(bytes32 root) external {
        if (msg.sender != owner && msg.sender != publisher) revert NotAllowed(msg.sender);
        merkleRoot = root;
    }

    function claim(uint256 amount, bytes32[] calldata proof) external {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(msg.sender, amount))));
        if (hasClaimed[merkleRoot][msg.sender] || !MerkleProof.verifyCalldata(proof, merkleRoot, leaf)) revert NotInList();
        hasClaimed[merkleRoot][msg.sender] = true;
        emit Claimed(msg.sender, amount);
        token.safeTransfer(msg.sender, amount);
    }
}
