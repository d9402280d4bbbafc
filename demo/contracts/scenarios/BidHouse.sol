// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Takes bids in coins and gives them back. Its hole: a batch of bids counts the coins that came along for each.
contract BidHouse {
    error NotGiven(address to, uint256 amount);

    mapping(address bidder => uint256) public bidOf;

    function bid() external payable {
        bidOf[msg.sender] += msg.value;
    }

    function giveBack(uint256 amount) external {
        bidOf[msg.sender] -= amount;
        (bool done,) = msg.sender.call{value: amount}("");
        if (!done) revert NotGiven(msg.sender, amount);
    }

    function batch(bytes[] calldata calls) external payable {
        for (uint256 index; index < calls.length; index++) {
            (bool done,) = address(this).delegatecall(calls[index]);
            require(done);
        }
    }
}
