// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Sells and takes back shares of a fund whose investments lie elsewhere, at the rate that its keeper reports.
contract ReportedFund is Ownable {
    using SafeERC20 for IERC20;

    event Entered(address indexed account, uint256 dollars, uint256 shares);
    event Left(address indexed account, uint256 shares, uint256 dollars);

    error NotKeeper(address account);

    IERC20 public immutable dollar;
    address public keeper;
    /// Dollars for a million shares.
    uint256 public rate = 1e6;
    mapping(address account => uint256) public sharesOf;

    constructor(address owner, address keeper_, IERC20 dollar_) Ownable(owner) {
        keeper = keeper_;
        dollar = dollar_;
    }

    function setKeeper(address next) external onlyOwner {
        keeper = next;
    }

    /// Without an event: whoever reads the rate does not miss it.
    function report(uint256 next) external {
        if (msg.sender != keeper) revert NotKeeper(msg.sender);
        rate = next;
    }

    function enter(uint256 dollars) external {
        uint256 shares = dollars * 1e6 / rate;
        sharesOf[msg.sender] += shares;
        emit Entered(msg.sender, dollars, shares);
        dollar.safeTransferFrom(msg.sender, address(this), dollars);
    }

    function leave(uint256 shares) external {
        sharesOf[msg.sender] -= shares;
        uint256 dollars = shares * rate / 1e6;
        emit Left(msg.sender, shares, dollars);
        dollar.safeTransfer(msg.sender, dollars);
    }
}
