// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Anybody asks, and anybody answers for a bond: the last answer holds once nobody has paid more against it for a while.
/// It answers and tells as reality.eth does, whose code is in no package here.
contract AnswerBoard {
    event LogNewAnswer(
        bytes32 answer,
        bytes32 indexed question_id,
        bytes32 history_hash,
        address indexed user,
        uint256 bond,
        uint256 ts,
        bool is_commitment
    );

    struct Question {
        uint32 timeout;
        uint32 finalizeAt;
        bytes32 answer;
        uint256 bond;
    }

    mapping(bytes32 => Question) public questions;

    function askQuestion(string calldata text, uint32 timeout) external returns (bytes32 id) {
        id = keccak256(abi.encode(text, msg.sender));
        questions[id].timeout = timeout;
    }

    function submitAnswer(bytes32 id, bytes32 answer) external payable {
        Question storage question = questions[id];
        require(question.timeout > 0 && msg.value > question.bond, "too little");
        (question.answer, question.bond) = (answer, msg.value);
        question.finalizeAt = uint32(block.timestamp) + question.timeout;
        emit LogNewAnswer(answer, id, 0, msg.sender, msg.value, block.timestamp, false);
    }

    function resultFor(bytes32 id) external view returns (bytes32) {
        Question storage question = questions[id];
        require(question.finalizeAt > 0 && question.finalizeAt < block.timestamp, "not final");
        return question.answer;
    }

    function getFinalizeTS(bytes32 id) external view returns (uint32) {
        return questions[id].finalizeAt;
    }
}
