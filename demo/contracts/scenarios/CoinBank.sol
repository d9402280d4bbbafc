// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title A bank of native coins with the oldest hole of all: it pays before it writes down that it did.
contract CoinBank {
    event Paid(address indexed to, uint256 amount);

    mapping(address => uint256) public balanceOf;

    function deposit() external payable {
        balanceOf[msg.sender] += msg.value;
    }

    function withdraw(uint256 amount) external {
        require(balanceOf[msg.sender] >= amount, "not yours");
        (bool ok,) = msg.sender.call{value: amount}("");
        require(ok, "not taken");
        unchecked {
            balanceOf[msg.sender] -= amount;
        }
        emit Paid(msg.sender, amount);
    }
}
