// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Prices of tokens, which its keeper writes down without a word; neither can be read but by who asks for one.
contract QuoteBoard {
    error NotKeeper(address account);

    address private immutable keeper;
    mapping(address token => uint128) private quotes;

    constructor(address keeper_) {
        keeper = keeper_;
    }

    function quote(address token, uint128 price) external {
        if (msg.sender != keeper) revert NotKeeper(msg.sender);
        quotes[token] = price;
    }

    /// Dollars for one token of 18 decimals, with 18 decimals; and whether anybody told it.
    function quoteOf(address token) external view returns (uint256, bool) {
        return (quotes[token], quotes[token] > 0);
    }
}
