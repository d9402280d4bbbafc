// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

interface IRangePool {
    function swap(address to, bool zeroForOne, int256 amount, uint160 limit, bytes calldata data) external;
}

/// @title Sells through pools of Uniswap v3. Its hole: it pays whoever calls it back, pool or not, for whom they say.
contract CallbackRouter {
    using SafeERC20 for IERC20;

    uint160 private constant LEAST = 4295128740;
    uint160 private constant MOST = 1461446703485210103287273052203988822378723970341;

    event Sold(address indexed by, address indexed pool, uint256 amount);

    function sell(IRangePool pool, address token, bool zeroForOne, uint256 amount) external {
        bytes memory data = abi.encode(token, msg.sender);
        pool.swap(msg.sender, zeroForOne, int256(amount), zeroForOne ? LEAST : MOST, data);
        emit Sold(msg.sender, address(pool), amount);
    }

    function uniswapV3SwapCallback(int256 amount0, int256 amount1, bytes calldata data) external {
        (IERC20 token, address payer) = abi.decode(data, (IERC20, address));
        token.safeTransferFrom(payer, msg.sender, uint256(amount0 > 0 ? amount0 : amount1));
    }
}
