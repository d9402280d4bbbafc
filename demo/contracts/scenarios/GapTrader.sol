// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AcmePair} from "../AcmePair.sol";
import {SwapDesk} from "./SwapDesk.sol";

/// @title An honest bot: buys coins where they are cheap, sells as many as it must where they are dear, and keeps the rest.
contract GapTrader {
    SwapDesk private immutable desk;
    AcmePair private immutable cheap;
    AcmePair private immutable dear;

    constructor(SwapDesk desk_, AcmePair cheap_, AcmePair dear_) {
        (desk, cheap, dear) = (desk_, cheap_, dear_);
    }

    /// Puts in dollars of the caller and gives them back, with the coins that are left.
    function run(uint256 dollars, uint256 coinsToSell) external {
        (IERC20 dollar, IERC20 coin) = (desk.dollar(), desk.coin());
        dollar.transferFrom(msg.sender, address(this), dollars);
        _trade(cheap, dollar, dollars);
        _trade(dear, coin, coinsToSell);
        dollar.transfer(msg.sender, dollar.balanceOf(address(this)));
        coin.transfer(msg.sender, coin.balanceOf(address(this)));
    }

    function _trade(AcmePair pair, IERC20 given, uint256 amount) private {
        given.approve(address(desk), amount);
        desk.trade(given, amount, 1, address(pair), abi.encodeCall(AcmePair.swap, (given, amount, 1, address(desk))));
    }
}
