// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {AcmePair} from "./AcmePair.sol";

/// @title The price of ACME in dollars, behind the interface of a Chainlink feed.
/// Its flaw: `refresh` takes the pair's price of this very moment, and anybody may call it.
contract AcmeFeed is Ownable {
    event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt);
    event NewRound(uint256 indexed roundId, address indexed startedBy, uint256 startedAt);

    error NoSuchRound(uint80 roundId);

    struct Round {
        int256 answer;
        uint256 updatedAt;
    }

    uint8 public constant decimals = 8;
    uint256 public constant version = 1;
    string public constant description = "ACME / USD";

    AcmePair public immutable pair;
    uint80 private latestRoundId;
    mapping(uint80 roundId => Round) private rounds;

    /// @param pair_ ACME (18 decimals) as token0, dollars (6 decimals) as token1.
    constructor(address owner, AcmePair pair_) Ownable(owner) {
        pair = pair_;
    }

    /// The owner's way to correct a price by hand.
    function transmit(int256 answer) external onlyOwner {
        _publish(answer);
    }

    function refresh() external {
        (uint112 acme, uint112 dollars,) = pair.getReserves();
        _publish(int256((uint256(dollars) * 1e20) / acme));
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return getRoundData(latestRoundId);
    }

    function getRoundData(uint80 roundId) public view returns (uint80, int256, uint256, uint256, uint80) {
        Round memory round = rounds[roundId];
        if (round.updatedAt == 0) revert NoSuchRound(roundId);
        return (roundId, round.answer, round.updatedAt, round.updatedAt, roundId);
    }

    function _publish(int256 answer) private {
        uint80 roundId = ++latestRoundId;
        rounds[roundId] = Round(answer, block.timestamp);
        emit NewRound(roundId, msg.sender, block.timestamp);
        emit AnswerUpdated(answer, roundId, block.timestamp);
    }
}
