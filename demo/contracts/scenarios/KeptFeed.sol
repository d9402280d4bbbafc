// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

/// @title A price feed of eight decimals that its keeper writes, cut off at the least and the largest answer.
contract KeptFeed is Ownable {
    event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt);

    error NoSuchRound(uint80 roundId);

    struct Round {
        int256 answer;
        uint256 updatedAt;
    }

    uint8 public constant decimals = 8;
    string public description;
    int192 public immutable minAnswer;
    int192 public immutable maxAnswer;
    uint80 private latestRoundId;
    mapping(uint80 roundId => Round) private rounds;

    constructor(address keeper, string memory description_, int192 minAnswer_, int192 maxAnswer_) Ownable(keeper) {
        description = description_;
        minAnswer = minAnswer_;
        maxAnswer = maxAnswer_;
    }

    function transmit(int256 price) external onlyOwner {
        int256 answer = price < minAnswer ? int256(minAnswer) : price > maxAnswer ? int256(maxAnswer) : price;
        rounds[++latestRoundId] = Round(answer, block.timestamp);
        emit AnswerUpdated(answer, latestRoundId, block.timestamp);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return getRoundData(latestRoundId);
    }

    function getRoundData(uint80 roundId) public view returns (uint80, int256, uint256, uint256, uint80) {
        Round memory round = rounds[roundId];
        if (round.updatedAt == 0) revert NoSuchRound(roundId);
        return (roundId, round.answer, round.updatedAt, round.updatedAt, roundId);
    }
}
