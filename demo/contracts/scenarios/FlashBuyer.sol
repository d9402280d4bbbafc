// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SpotLender} from "./SpotLender.sol";

interface IRouter {
    function swapExactTokensForTokens(uint256 input, uint256 least, address[] calldata path, address to, uint256 deadline)
        external
        returns (uint256[] memory);
}

interface IFlashPair {
    function token0() external view returns (address);
    function getReserves() external view returns (uint112, uint112, uint32);
    function swap(uint256 out0, uint256 out1, address to, bytes calldata data) external;
}

/// @title Buys gold with a flash swap, pledges it, and pays for it with what it may borrow and with own money.
contract FlashBuyer {
    SpotLender private immutable lender;
    IFlashPair private immutable pair;

    constructor(SpotLender lender_, IFlashPair pair_) {
        lender = lender_;
        pair = pair_;
    }

    function buy(uint256 amount, uint256 loan, uint256 own) external {
        lender.dollar().transferFrom(msg.sender, address(this), own);
        bool goldFirst = pair.token0() == address(lender.gold());
        pair.swap(goldFirst ? amount : 0, goldFirst ? 0 : amount, address(this), abi.encode(loan));
        lender.dollar().transfer(msg.sender, lender.dollar().balanceOf(address(this)));
    }

    function uniswapV2Call(address, uint256 out0, uint256 out1, bytes calldata data) external {
        uint256 amount = out0 + out1;
        (uint256 reserve0, uint256 reserve1,) = pair.getReserves();
        (uint256 golds, uint256 dollars) = out0 > 0 ? (reserve0, reserve1) : (reserve1, reserve0);
        lender.gold().approve(address(lender), amount);
        lender.pledge(amount);
        lender.borrow(abi.decode(data, (uint256)));
        lender.dollar().transfer(address(pair), dollars * amount * 1000 / ((golds - amount) * 997) + 1);
    }
}
