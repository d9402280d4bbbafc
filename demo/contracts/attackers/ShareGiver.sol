// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ShareLender} from "../scenarios/ShareLender.sol";

/// @title Deposits, pledges the shares, gives some money to their vault, and borrows, all at once.
contract ShareGiver {
    address private immutable owner = msg.sender;

    function run(ShareLender lender, uint256 stake, uint256 gift, uint256 loan) external {
        (IERC20 dollar, ERC4626 vault) = (lender.dollar(), lender.collateral());
        dollar.transferFrom(owner, address(this), stake + gift);
        dollar.approve(address(vault), stake);
        uint256 shares = vault.deposit(stake, address(this));
        vault.approve(address(lender), shares);
        lender.pledge(shares);
        if (gift > 0) dollar.transfer(address(vault), gift);
        lender.borrow(loan);
        dollar.transfer(owner, dollar.balanceOf(address(this)));
    }
}
