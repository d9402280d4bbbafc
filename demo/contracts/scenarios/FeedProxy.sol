// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {KeptFeed} from "./KeptFeed.sol";

/// @title A feed at an address that stays, whose owner says which aggregator answers.
contract FeedProxy is Ownable {
    KeptFeed public aggregator;

    constructor(address owner, KeptFeed aggregator_) Ownable(owner) {
        aggregator = aggregator_;
    }

    function setAggregator(KeptFeed current) external onlyOwner {
        aggregator = current;
    }

    function decimals() external view returns (uint8) {
        return aggregator.decimals();
    }

    function description() external view returns (string memory) {
        return aggregator.description();
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return aggregator.latestRoundData();
    }

    function getRoundData(uint80 roundId) external view returns (uint80, int256, uint256, uint256, uint80) {
        return aggregator.getRoundData(roundId);
    }
}
