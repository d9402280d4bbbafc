// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {QuoteBoard} from "./QuoteBoard.sol";

/// @title Lends dollars of six decimals against coins of eighteen, at the price of a board that it does not name.
contract BoardLender {
    using SafeERC20 for IERC20;

    event Pledged(address indexed account, uint256 coins);
    event Borrowed(address indexed account, uint256 dollars);
    event Repaid(address indexed account, uint256 dollars);

    error Undercollateralized(uint256 debt, uint256 limit);

    uint256 private constant LOAN_TO_VALUE_BPS = 7_000;

    IERC20 private immutable dollar;
    IERC20 private immutable coin;
    QuoteBoard private immutable board;
    mapping(address account => uint256) public pledgeOf;
    mapping(address account => uint256) public debtOf;

    constructor(IERC20 dollar_, IERC20 coin_, QuoteBoard board_) {
        dollar = dollar_;
        coin = coin_;
        board = board_;
    }

    function pledge(uint256 coins) external {
        pledgeOf[msg.sender] += coins;
        emit Pledged(msg.sender, coins);
        coin.safeTransferFrom(msg.sender, address(this), coins);
    }

    function borrow(uint256 dollars) external {
        debtOf[msg.sender] += dollars;
        (uint256 price,) = board.quoteOf(address(coin));
        uint256 limit = pledgeOf[msg.sender] * price / 1e30 * LOAN_TO_VALUE_BPS / 10_000;
        if (debtOf[msg.sender] > limit) revert Undercollateralized(debtOf[msg.sender], limit);
        emit Borrowed(msg.sender, dollars);
        dollar.safeTransfer(msg.sender, dollars);
    }

    function repay(uint256 dollars) external {
        debtOf[msg.sender] -= dollars;
        emit Repaid(msg.sender, dollars);
        dollar.safeTransferFrom(msg.sender, address(this), dollars);
    }
}
