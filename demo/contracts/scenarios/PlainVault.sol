// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title A vault as OpenZeppelin writes them: whoever sends it money makes each share worth more.
contract PlainVault is ERC4626 {
    constructor(IERC20 asset_) ERC20("Plain Vault Share", "pvUSD") ERC4626(asset_) {}
}
