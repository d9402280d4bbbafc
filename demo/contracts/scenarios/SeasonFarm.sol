// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Pays a reward by the second to who has staked, for a season of thirty days, as most contracts for staking do.
contract SeasonFarm {
    using SafeERC20 for IERC20;

    event Staked(address indexed account, uint256 amount);
    event Withdrawn(address indexed account, uint256 amount);
    event RewardPaid(address indexed account, uint256 amount);

    uint256 private constant SEASON = 30 days;

    IERC20 public immutable stakingToken;
    IERC20 public immutable rewardsToken;
    uint256 public rewardRate;
    uint256 public periodFinish;
    uint256 public lastUpdateTime;
    uint256 public rewardPerTokenStored;
    uint256 public totalSupply;
    mapping(address account => uint256) public balanceOf;
    mapping(address account => uint256) public rewards;
    mapping(address account => uint256) public userRewardPerTokenPaid;

    constructor(IERC20 stakingToken_, IERC20 rewardsToken_) {
        stakingToken = stakingToken_;
        rewardsToken = rewardsToken_;
    }

    modifier settled(address account) {
        rewardPerTokenStored = rewardPerToken();
        lastUpdateTime = _now();
        rewards[account] = earned(account);
        userRewardPerTokenPaid[account] = rewardPerTokenStored;
        _;
    }

    /// Begins a season with as much as the caller brings.
    function fund(uint256 amount) external settled(msg.sender) {
        rewardsToken.safeTransferFrom(msg.sender, address(this), amount);
        rewardRate = amount / SEASON;
        lastUpdateTime = block.timestamp;
        periodFinish = block.timestamp + SEASON;
    }

    function stake(uint256 amount) external settled(msg.sender) {
        totalSupply += amount;
        balanceOf[msg.sender] += amount;
        stakingToken.safeTransferFrom(msg.sender, address(this), amount);
        emit Staked(msg.sender, amount);
    }

    function withdraw(uint256 amount) public settled(msg.sender) {
        totalSupply -= amount;
        balanceOf[msg.sender] -= amount;
        stakingToken.safeTransfer(msg.sender, amount);
        emit Withdrawn(msg.sender, amount);
    }

    function getReward() public settled(msg.sender) {
        uint256 amount = rewards[msg.sender];
        rewards[msg.sender] = 0;
        rewardsToken.safeTransfer(msg.sender, amount);
        emit RewardPaid(msg.sender, amount);
    }

    function exit() external {
        withdraw(balanceOf[msg.sender]);
        getReward();
    }

    function earned(address account) public view returns (uint256) {
        return (balanceOf[account] * (rewardPerToken() - userRewardPerTokenPaid[account])) / 1e18 + rewards[account];
    }

    function rewardPerToken() public view returns (uint256) {
        if (totalSupply == 0) return rewardPerTokenStored;
        return rewardPerTokenStored + ((_now() - lastUpdateTime) * rewardRate * 1e18) / totalSupply;
    }

    function _now() private view returns (uint256) {
        return block.timestamp < periodFinish ? block.timestamp : periodFinish;
    }
}
