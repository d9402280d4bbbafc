// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {AcmeFeed} from "./AcmeFeed.sol";

interface IFlashBorrower {
    function onFlashLoan(uint256 amount, bytes calldata data) external;
}

/// @title Lends dollars against ACME at the price of the feed, and lends flash loans for nothing.
contract AcmeMarket is Ownable, Pausable {
    using SafeERC20 for IERC20;

    event Supply(address indexed account, uint256 amount);
    event CollateralAdded(address indexed account, uint256 amount);
    event CollateralRemoved(address indexed account, uint256 amount);
    event Borrow(address indexed account, uint256 amount);
    event Repay(address indexed account, uint256 amount);
    event FlashLoan(address indexed borrower, uint256 amount);
    event GuardianChanged(address indexed previous, address indexed current);
    event LoanToValueChanged(uint256 previousBps, uint256 currentBps);

    error NotGuardian(address account);
    error Undercollateralized(uint256 debt, uint256 limit);

    IERC20 public immutable dollar;
    IERC20 public immutable collateral;
    AcmeFeed public immutable feed;
    address public guardian;
    uint256 public loanToValueBps = 6_000;
    uint256 public totalDebt;
    mapping(address account => uint256) public collateralOf;
    mapping(address account => uint256) public debtOf;

    constructor(address owner, address guardian_, IERC20 dollar_, IERC20 collateral_, AcmeFeed feed_) Ownable(owner) {
        guardian = guardian_;
        dollar = dollar_;
        collateral = collateral_;
        feed = feed_;
    }

    function supply(uint256 amount) external {
        dollar.safeTransferFrom(msg.sender, address(this), amount);
        emit Supply(msg.sender, amount);
    }

    function addCollateral(uint256 amount) external whenNotPaused {
        collateral.safeTransferFrom(msg.sender, address(this), amount);
        collateralOf[msg.sender] += amount;
        emit CollateralAdded(msg.sender, amount);
    }

    function removeCollateral(uint256 amount) external whenNotPaused {
        collateralOf[msg.sender] -= amount;
        _requireHealthy(msg.sender);
        collateral.safeTransfer(msg.sender, amount);
        emit CollateralRemoved(msg.sender, amount);
    }

    function borrow(uint256 amount) external whenNotPaused {
        debtOf[msg.sender] += amount;
        totalDebt += amount;
        _requireHealthy(msg.sender);
        dollar.safeTransfer(msg.sender, amount);
        emit Borrow(msg.sender, amount);
    }

    function repay(uint256 amount) external {
        debtOf[msg.sender] -= amount;
        totalDebt -= amount;
        dollar.safeTransferFrom(msg.sender, address(this), amount);
        emit Repay(msg.sender, amount);
    }

    function flashLoan(uint256 amount, bytes calldata data) external whenNotPaused {
        dollar.safeTransfer(msg.sender, amount);
        IFlashBorrower(msg.sender).onFlashLoan(amount, data);
        dollar.safeTransferFrom(msg.sender, address(this), amount);
        emit FlashLoan(msg.sender, amount);
    }

    /// The most that an account may owe, in dollars of six decimals.
    function borrowLimit(address account) public view returns (uint256) {
        (, int256 price,,,) = feed.latestRoundData();
        return (collateralOf[account] * uint256(price) * loanToValueBps) / 1e24;
    }

    function pause() external onlyGuardian {
        _pause();
    }

    function unpause() external onlyGuardian {
        _unpause();
    }

    function setGuardian(address current) external onlyOwner {
        emit GuardianChanged(guardian, current);
        guardian = current;
    }

    function setLoanToValue(uint256 currentBps) external onlyOwner {
        emit LoanToValueChanged(loanToValueBps, currentBps);
        loanToValueBps = currentBps;
    }

    function _requireHealthy(address account) private view {
        uint256 debt = debtOf[account];
        if (debt == 0) return;
        uint256 limit = borrowLimit(account);
        if (debt > limit) revert Undercollateralized(debt, limit);
    }

    modifier onlyGuardian() {
        if (msg.sender != guardian) revert NotGuardian(msg.sender);
        _;
    }
}
