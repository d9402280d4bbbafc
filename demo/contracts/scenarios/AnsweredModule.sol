// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AnswerBoard} from "./AnswerBoard.sol";

interface IAccount {
    function execTransactionFromModule(address to, uint256 value, bytes calldata data, uint8 operation)
        external
        returns (bool);
}

/// @title A module that does for a Safe what a vote outside the chain decided, as an answer says that it did.
/// It answers and tells as Zodiac's Reality module does, whose code is in no package here.
contract AnsweredModule {
    event ProposalQuestionCreated(bytes32 indexed questionId, string indexed proposalId);

    address public immutable owner;
    address public immutable avatar;
    address public immutable target;
    AnswerBoard public immutable oracle;
    uint32 public questionTimeout;
    uint32 public questionCooldown;
    mapping(bytes32 => bytes32) public questionIds;
    mapping(bytes32 => bool) public isDone;

    constructor(address safe, AnswerBoard board, uint32 timeout, uint32 cooldown) {
        (owner, avatar, target, oracle) = (safe, safe, safe, board);
        (questionTimeout, questionCooldown) = (timeout, cooldown);
    }

    function hashOf(string calldata proposal, address to, bytes calldata data) public pure returns (bytes32) {
        return keccak256(abi.encode(proposal, to, data));
    }

    function addProposal(string calldata proposal, bytes32 hash) external {
        require(questionIds[hash] == 0, "asked already");
        bytes32 id = oracle.askQuestion(string.concat(proposal, string(abi.encodePacked(hash))), questionTimeout);
        questionIds[hash] = id;
        emit ProposalQuestionCreated(id, proposal);
    }

    function executeProposal(string calldata proposal, address to, bytes calldata data) external {
        bytes32 hash = hashOf(proposal, to, data);
        bytes32 id = questionIds[hash];
        require(oracle.resultFor(id) == bytes32(uint256(1)), "not approved");
        require(oracle.getFinalizeTS(id) + questionCooldown < block.timestamp, "too early");
        require(!isDone[hash], "done");
        isDone[hash] = true;
        require(IAccount(target).execTransactionFromModule(to, 0, data, 0), "the Safe refused");
    }
}
