// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title A timelock that answers and tells as Compound's does, whose code is in no package here.
contract EtaTimelock {
    event NewAdmin(address indexed newAdmin);
    event NewPendingAdmin(address indexed newPendingAdmin);
    event QueueTransaction(
        bytes32 indexed txHash, address indexed target, uint256 value, string signature, bytes data, uint256 eta
    );
    event ExecuteTransaction(
        bytes32 indexed txHash, address indexed target, uint256 value, string signature, bytes data, uint256 eta
    );

    uint256 public constant GRACE_PERIOD = 14 days;
    uint256 public constant delay = 2 days;
    address public admin;
    address public pendingAdmin;
    mapping(bytes32 => bool) public queuedTransactions;

    constructor(address first) {
        admin = first;
    }

    modifier onlyAdmin() {
        require(msg.sender == admin, "not the admin");
        _;
    }

    function setPendingAdmin(address next) external {
        require(msg.sender == address(this) || admin == msg.sender, "not by itself");
        pendingAdmin = next;
        emit NewPendingAdmin(next);
    }

    function acceptAdmin() external {
        require(msg.sender == pendingAdmin, "not the next admin");
        (admin, pendingAdmin) = (msg.sender, address(0));
        emit NewAdmin(msg.sender);
    }

    function queueTransaction(address target, uint256 value, string memory signature, bytes memory data, uint256 eta)
        external
        onlyAdmin
    {
        require(eta >= block.timestamp + delay, "too early");
        bytes32 txHash = keccak256(abi.encode(target, value, signature, data, eta));
        queuedTransactions[txHash] = true;
        emit QueueTransaction(txHash, target, value, signature, data, eta);
    }

    function executeTransaction(address target, uint256 value, string memory signature, bytes memory data, uint256 eta)
        external
        onlyAdmin
    {
        bytes32 txHash = keccak256(abi.encode(target, value, signature, data, eta));
        require(queuedTransactions[txHash], "not queued");
        require(block.timestamp >= eta && block.timestamp <= eta + GRACE_PERIOD, "not its time");
        queuedTransactions[txHash] = false;
        (bool done,) = target.call{value: value}(abi.encodePacked(bytes4(keccak256(bytes(signature))), data));
        require(done, "the call failed");
        emit ExecuteTransaction(txHash, target, value, signature, data, eta);
    }
}
