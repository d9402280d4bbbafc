// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title A shop that collects what its customers allowed it to take.
contract CoinCollector {
    function pay(IERC20 coin, uint256 amount) external {
        coin.transferFrom(msg.sender, address(this), amount);
    }
}
