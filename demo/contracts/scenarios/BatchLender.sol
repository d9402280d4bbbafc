// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Lends dollars against gold, several steps in one call. Its hole: a step that it does not know makes it forget
/// that the borrower has to be asked for his pledge in the end.
contract BatchLender {
    using SafeERC20 for IERC20;

    enum Step {
        Nothing,
        Pledge,
        Free,
        Borrow,
        Repay
    }

    event Done(address indexed account, Step indexed step, uint256 amount);

    error TooMuch(uint256 owed, uint256 pledged);

    IERC20 public immutable gold;
    IERC20 public immutable dollar;
    uint256 public immutable dollarsPerGold;
    mapping(address account => uint256) public pledged;
    mapping(address account => uint256) public owed;

    constructor(IERC20 gold_, IERC20 dollar_, uint256 dollarsPerGold_) {
        gold = gold_;
        dollar = dollar_;
        dollarsPerGold = dollarsPerGold_;
    }

    function run(Step[] calldata steps, uint256[] calldata amounts) external {
        bool hasToBeSound;
        for (uint256 i = 0; i < steps.length; i++) {
            hasToBeSound = _take(steps[i], amounts[i], hasToBeSound);
            emit Done(msg.sender, steps[i], amounts[i]);
        }
        if (!hasToBeSound) return;
        (uint256 debt, uint256 pledge) = (owed[msg.sender], pledged[msg.sender]);
        if (debt * 4e18 > pledge * dollarsPerGold * 3) revert TooMuch(debt, pledge);
    }

    function _take(Step step, uint256 amount, bool hasToBeSound) private returns (bool) {
        if (step == Step.Pledge) {
            gold.safeTransferFrom(msg.sender, address(this), amount);
            pledged[msg.sender] += amount;
        } else if (step == Step.Repay) {
            dollar.safeTransferFrom(msg.sender, address(this), amount);
            owed[msg.sender] -= amount;
        } else if (step == Step.Free) {
            pledged[msg.sender] -= amount;
            gold.safeTransfer(msg.sender, amount);
            return true;
        } else if (step == Step.Borrow) {
            owed[msg.sender] += amount;
            dollar.safeTransfer(msg.sender, amount);
            return true;
        } else {
            return false;
        }
        return hasToBeSound;
    }
}
