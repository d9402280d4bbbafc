// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Shares of a farm that earn a reward. Its hole: rewards of a share that is handed on are owed to each holder anew.
contract FarmShare is ERC20 {
    using SafeERC20 for IERC20;

    IERC20 public immutable coin;
    IERC20 public immutable reward;
    uint256 public index;
    mapping(address account => uint256) public indexOf;

    constructor(IERC20 coin_, IERC20 reward_) ERC20("Farm share", "FARM") {
        coin = coin_;
        reward = reward_;
    }

    function addReward(uint256 amount) external {
        reward.safeTransferFrom(msg.sender, address(this), amount);
        index += (amount * 1e18) / totalSupply();
    }

    function stake(uint256 amount) external {
        claim();
        coin.safeTransferFrom(msg.sender, address(this), amount);
        _mint(msg.sender, amount);
    }

    function unstake(uint256 amount) external {
        claim();
        _burn(msg.sender, amount);
        coin.safeTransfer(msg.sender, amount);
    }

    function claim() public {
        uint256 due = (balanceOf(msg.sender) * (index - indexOf[msg.sender])) / 1e18;
        indexOf[msg.sender] = index;
        if (due > 0) reward.safeTransfer(msg.sender, due);
    }
}
