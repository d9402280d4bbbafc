// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.27;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @notice Holds money that those may pay out whom an access manager lets.
contract ManagedTreasury is AccessManaged {
    using SafeERC20 for IERC20;

    constructor(address manager) AccessManaged(manager) {}

    function pay(IERC20 token, address to, uint256 amount) external restricted {
        token.safeTransfer(to, amount);
    }
}
