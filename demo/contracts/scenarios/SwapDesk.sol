// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

interface IFeed {
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
}

/// @title Trades for its users wherever it is told, and holds nothing itself. With a hole: whatever it is told to call it
/// calls, also a token, in its own name, which users allowed to take theirs.
contract SwapDesk {
    using SafeERC20 for IERC20;

    IERC20 public immutable coin;
    IERC20 public immutable dollar;
    /// What a coin is worth, for whoever wants to see it beside what is offered.
    IFeed public immutable feed;

    event Traded(address indexed user, IERC20 indexed given, uint256 amount, uint256 got);

    error TooLittle(uint256 got, uint256 least);
    error VenueFailed();

    constructor(IERC20 coin_, IERC20 dollar_, IFeed feed_) {
        (coin, dollar, feed) = (coin_, dollar_, feed_);
    }

    function quoted() external view returns (int256 price) {
        (, price,,,) = feed.latestRoundData();
    }

    /// @param venue Where it is traded, by the call `data`, which must bring what is bought back to here.
    function trade(IERC20 given, uint256 amount, uint256 least, address venue, bytes calldata data)
        external
        returns (uint256 got)
    {
        IERC20 wanted = given == coin ? dollar : coin;
        given.safeTransferFrom(msg.sender, address(this), amount);
        if (amount > 0) given.forceApprove(venue, amount);
        (bool done,) = venue.call(data);
        if (!done) revert VenueFailed();
        got = wanted.balanceOf(address(this));
        if (got < least) revert TooLittle(got, least);
        wanted.safeTransfer(msg.sender, got);
        emit Traded(msg.sender, given, amount, got);
    }
}
