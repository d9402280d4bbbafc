// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Keeps coins that others lend against, with a hole: it pays before it writes that it did.
contract CoinKeep {
    mapping(address => uint256) public kept;

    event Left(address indexed account, uint256 amount);

    function put() external payable {
        kept[msg.sender] += msg.value;
    }

    function leave() external {
        uint256 amount = kept[msg.sender];
        (bool paid,) = msg.sender.call{value: amount}("");
        require(paid, "not paid");
        kept[msg.sender] = 0;
        emit Left(msg.sender, amount);
    }
}
