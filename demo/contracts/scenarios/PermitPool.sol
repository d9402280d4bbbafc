// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title A pool of one coin. Its hole: it believes that a coin whose `permit` did not fail has looked at the signature.
contract PermitPool is ERC20("Pool share", "PSHARE") {
    using SafeERC20 for IERC20;

    IERC20 private immutable coin;

    constructor(IERC20 coin_) {
        coin = coin_;
    }

    function enter(uint256 amount) external {
        coin.safeTransferFrom(msg.sender, address(this), amount);
        _mint(msg.sender, amount);
    }

    function leave(uint256 amount) external {
        _burn(msg.sender, amount);
        coin.safeTransfer(msg.sender, amount);
    }

    function enterWithPermit(address from, uint256 amount, address to, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
    {
        IERC20Permit(address(coin)).permit(from, address(this), amount, deadline, v, r, s);
        coin.safeTransferFrom(from, address(this), amount);
        _mint(to, amount);
    }
}
