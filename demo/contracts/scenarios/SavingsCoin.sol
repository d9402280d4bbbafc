// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title A coin that stands for a part of the dollars behind it. Its hole: who sends it to himself has it twice.
contract SavingsCoin {
    using SafeERC20 for IERC20;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    string public constant name = "Savings coin";
    string public constant symbol = "SAVE";
    uint8 public constant decimals = 6;
    IERC20 public immutable dollar;
    uint256 public totalSupply;
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    constructor(IERC20 dollar_) {
        dollar = dollar_;
    }

    function save(uint256 amount) external {
        uint256 coins = totalSupply == 0 ? amount : (amount * totalSupply) / dollar.balanceOf(address(this));
        dollar.safeTransferFrom(msg.sender, address(this), amount);
        totalSupply += coins;
        balanceOf[msg.sender] += coins;
        emit Transfer(address(0), msg.sender, coins);
    }

    function spend(uint256 coins) external {
        uint256 amount = (coins * dollar.balanceOf(address(this))) / totalSupply;
        balanceOf[msg.sender] -= coins;
        totalSupply -= coins;
        emit Transfer(msg.sender, address(0), coins);
        dollar.safeTransfer(msg.sender, amount);
    }

    function transfer(address to, uint256 value) external returns (bool) {
        _move(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        allowance[from][msg.sender] -= value;
        _move(from, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function _move(address from, address to, uint256 value) private {
        (uint256 left, uint256 got) = (balanceOf[from] - value, balanceOf[to] + value);
        balanceOf[from] = left;
        balanceOf[to] = got;
        emit Transfer(from, to, value);
    }
}
