// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

interface IAccount {
    function execTransactionFromModule(address to, uint256 value, bytes calldata data, uint8 operation)
        external
        returns (bool);
}

/// @title A module of a Safe that lets its clerks queue what the Safe shall do, and anybody do it after a cooldown.
/// It answers and tells as Zodiac's Delay does, whose code is in no package here.
contract PatientModule {
    event TxCooldownSet(uint256 cooldown);
    event TransactionAdded(
        uint256 indexed queueNonce, bytes32 indexed txHash, address to, uint256 value, bytes data, uint8 operation
    );

    address public immutable owner;
    address public immutable avatar;
    address public immutable target;
    uint256 public txCooldown;
    uint256 public txExpiration;
    uint256 public txNonce;
    uint256 public queueNonce;
    mapping(uint256 => bytes32) public txHash;
    mapping(uint256 => uint256) public txCreatedAt;
    mapping(address => bool) public isModuleEnabled;

    constructor(address account, address clerk, uint256 cooldown) {
        owner = account;
        avatar = account;
        target = account;
        txCooldown = cooldown;
        isModuleEnabled[clerk] = true;
    }

    modifier onlyOwner() {
        require(msg.sender == owner, "not the owner");
        _;
    }

    function setTxCooldown(uint256 cooldown) external onlyOwner {
        txCooldown = cooldown;
        emit TxCooldownSet(cooldown);
    }

    function setTxNonce(uint256 next) external onlyOwner {
        require(next > txNonce && next <= queueNonce, "not ahead in the queue");
        txNonce = next;
    }

    function execTransactionFromModule(address to, uint256 value, bytes calldata data, uint8 operation)
        external
        returns (bool)
    {
        require(isModuleEnabled[msg.sender], "not a clerk");
        uint256 place = queueNonce++;
        txHash[place] = keccak256(abi.encodePacked(to, value, data, operation));
        txCreatedAt[place] = block.timestamp;
        emit TransactionAdded(place, txHash[place], to, value, data, operation);
        return true;
    }

    function executeNextTx(address to, uint256 value, bytes calldata data, uint8 operation) external {
        uint256 place = txNonce;
        require(place < queueNonce, "nothing waits");
        require(block.timestamp >= txCreatedAt[place] + txCooldown, "too early");
        require(txHash[place] == keccak256(abi.encodePacked(to, value, data, operation)), "not what waits");
        txNonce = place + 1;
        require(IAccount(target).execTransactionFromModule(to, value, data, operation), "the account refused");
    }
}
