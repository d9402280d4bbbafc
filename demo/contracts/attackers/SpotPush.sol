// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SpotMarket} from "../scenarios/SpotMarket.sol";

interface IPair {
    function token0() external view returns (address);
    function getReserves() external view returns (uint112, uint112, uint32);
    function swap(uint256 amount0Out, uint256 amount1Out, address to, bytes calldata data) external;
}

/// @title Buys the pair half empty, borrows at the price that this makes, and sells again: with what it was sent.
contract SpotPush {
    SpotMarket private immutable market;
    IPair private immutable pair;
    IERC20 private immutable dollar;
    IERC20 private immutable coin;

    constructor(SpotMarket market_, IPair pair_, IERC20 dollar_, IERC20 coin_) {
        market = market_;
        pair = pair_;
        dollar = dollar_;
        coin = coin_;
    }

    function strike(uint256 pledged, uint256 borrowed, bool sellsAgain) external {
        _swap(dollar, dollar.balanceOf(address(this)));
        coin.approve(address(market), pledged);
        market.addCollateral(pledged);
        market.borrow(borrowed);
        if (sellsAgain) _swap(coin, coin.balanceOf(address(this)));
        dollar.transfer(msg.sender, dollar.balanceOf(address(this)));
    }

    /// Uniswap v2 takes 0.3 % of what comes in.
    function _swap(IERC20 given, uint256 amount) private {
        bool isFirst = address(given) == pair.token0();
        (uint256 reserve0, uint256 reserve1,) = pair.getReserves();
        (uint256 reserveIn, uint256 reserveOut) = isFirst ? (reserve0, reserve1) : (reserve1, reserve0);
        uint256 taxed = amount * 997;
        uint256 out = (taxed * reserveOut) / (reserveIn * 1000 + taxed);
        given.transfer(address(pair), amount);
        pair.swap(isFirst ? 0 : out, isFirst ? out : 0, address(this), "");
    }
}
