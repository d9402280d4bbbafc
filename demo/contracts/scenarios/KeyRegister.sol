// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Where a bridge keeps by whose key messages are signed, as bytes, and which of them were carried out.
contract KeyRegister {
    address public owner;
    bytes private key;
    mapping(bytes32 => bool) public isDone;

    constructor(bytes memory first) {
        owner = msg.sender;
        key = first;
    }

    modifier onlyOwner() {
        require(msg.sender == owner, "not the owner");
        _;
    }

    function handTo(address next) external onlyOwner {
        owner = next;
    }

    function currentKey() external view returns (bytes memory) {
        return key;
    }

    function setKey(bytes calldata next) external onlyOwner {
        key = next;
    }

    function cross(bytes32 message) external onlyOwner {
        require(!isDone[message], "done before");
        isDone[message] = true;
    }
}
