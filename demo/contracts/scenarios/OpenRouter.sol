// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Sells tokens for its users on whatever exchange they name. Its hole: the exchange may be a token that they allow it.
contract OpenRouter {
    using SafeERC20 for IERC20;

    event Sold(address indexed user);

    error Refused(address exchange);

    function sell(IERC20 token, uint256 amount, address exchange, bytes calldata order) external {
        if (amount > 0) {
            token.safeTransferFrom(msg.sender, address(this), amount);
            token.forceApprove(exchange, amount);
        }
        (bool done,) = exchange.call(order);
        if (!done) revert Refused(exchange);
        emit Sold(msg.sender);
    }
}
