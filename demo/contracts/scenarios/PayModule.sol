// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Pays as whoever runs its code.
contract PayModule {
    function pay(IERC20 token, address to, uint256 amount) external {
        token.transfer(to, amount);
    }
}
