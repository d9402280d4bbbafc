// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title A bank of native coins that guards its withdrawal and forgets that balances can be moved meanwhile.
contract GuardedBank {
    mapping(address => uint256) public balanceOf;
    bool private entered;

    function deposit() external payable {
        balanceOf[msg.sender] += msg.value;
    }

    function move(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }

    function withdrawAll() external {
        require(!entered, "entered");
        entered = true;
        uint256 amount = balanceOf[msg.sender];
        (bool ok,) = msg.sender.call{value: amount}("");
        require(ok, "not taken");
        balanceOf[msg.sender] = 0;
        entered = false;
    }
}
