// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

interface IMintedPool {
    function token0() external view returns (IERC20);
    function token1() external view returns (IERC20);
    function mint(address owner, int24 lower, int24 upper, uint128 liquidity, bytes calldata data) external;
}

/// @title Puts liquidity of its owner into a pool of Uniswap v3, whose pools are paid by who calls them.
contract RangeProvider {
    address private immutable owner = msg.sender;

    function provide(IMintedPool pool, int24 lower, int24 upper, uint128 liquidity) external {
        require(msg.sender == owner, "not the owner");
        pool.mint(owner, lower, upper, liquidity, "");
    }

    function uniswapV3MintCallback(uint256 amount0, uint256 amount1, bytes calldata) external {
        IMintedPool pool = IMintedPool(msg.sender);
        pool.token0().transferFrom(owner, msg.sender, amount0);
        pool.token1().transferFrom(owner, msg.sender, amount1);
    }
}
