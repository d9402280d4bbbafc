// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

interface IPair {
    function token0() external view returns (address);
    function getReserves() external view returns (uint112, uint112, uint32);
}

/// @title Lends dollars against gold, at the price that a Uniswap v2 pair shows at the moment.
contract SpotLender {
    IERC20 public immutable gold;
    IERC20 public immutable dollar;
    IPair public immutable pair;
    mapping(address => uint256) public pledged;
    mapping(address => uint256) public owed;

    constructor(IERC20 gold_, IERC20 dollar_, IPair pair_) {
        gold = gold_;
        dollar = dollar_;
        pair = pair_;
    }

    function pledge(uint256 amount) external {
        gold.transferFrom(msg.sender, address(this), amount);
        pledged[msg.sender] += amount;
    }

    function borrow(uint256 amount) external {
        owed[msg.sender] += amount;
        require(owed[msg.sender] * 4 <= worth(pledged[msg.sender]) * 3, "too much");
        dollar.transfer(msg.sender, amount);
    }

    function worth(uint256 amount) public view returns (uint256) {
        (uint256 reserve0, uint256 reserve1,) = pair.getReserves();
        bool goldFirst = pair.token0() == address(gold);
        return goldFirst ? amount * reserve1 / reserve0 : amount * reserve0 / reserve1;
    }
}
