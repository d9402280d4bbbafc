// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

interface ISpotPair {
    function token0() external view returns (address);
    function getReserves() external view returns (uint112, uint112, uint32);
}

/// @title Lends one token against another, at the price of a Uniswap v2 pair at this very moment: its flaw.
contract SpotMarket {
    using SafeERC20 for IERC20;

    event Supply(address indexed account, uint256 amount);
    event CollateralAdded(address indexed account, uint256 amount);
    event Borrow(address indexed account, uint256 amount);
    event Repay(address indexed account, uint256 amount);

    error Undercollateralized(uint256 debt, uint256 limit);

    uint256 private constant LOAN_TO_VALUE_BPS = 7_000;

    IERC20 private immutable lent;
    IERC20 private immutable collateral;
    ISpotPair private immutable source;
    mapping(address account => uint256) public collateralOf;
    mapping(address account => uint256) public debtOf;

    constructor(IERC20 lent_, IERC20 collateral_, ISpotPair source_) {
        lent = lent_;
        collateral = collateral_;
        source = source_;
    }

    function supply(uint256 amount) external {
        lent.safeTransferFrom(msg.sender, address(this), amount);
        emit Supply(msg.sender, amount);
    }

    function addCollateral(uint256 amount) external {
        collateral.safeTransferFrom(msg.sender, address(this), amount);
        collateralOf[msg.sender] += amount;
        emit CollateralAdded(msg.sender, amount);
    }

    function borrow(uint256 amount) external {
        debtOf[msg.sender] += amount;
        uint256 limit = borrowLimit(msg.sender);
        if (debtOf[msg.sender] > limit) revert Undercollateralized(debtOf[msg.sender], limit);
        lent.safeTransfer(msg.sender, amount);
        emit Borrow(msg.sender, amount);
    }

    function repay(uint256 amount) external {
        debtOf[msg.sender] -= amount;
        lent.safeTransferFrom(msg.sender, address(this), amount);
        emit Repay(msg.sender, amount);
    }

    function borrowLimit(address account) public view returns (uint256) {
        (uint256 reserve0, uint256 reserve1,) = source.getReserves();
        (uint256 ofLent, uint256 ofCollateral) =
            source.token0() == address(lent) ? (reserve0, reserve1) : (reserve1, reserve0);
        return (collateralOf[account] * ofLent * LOAN_TO_VALUE_BPS) / (ofCollateral * 10_000);
    }
}
