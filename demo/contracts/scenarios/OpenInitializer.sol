// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.27;

/// @notice A strong box with the oldest hole of all: anybody can initialize it again.
contract OpenInitializer {
    address public owner;

    receive() external payable {}

    function initialize(address owner_) external {
        owner = owner_;
    }

    function withdraw(address payable to, uint256 amount) external {
        require(msg.sender == owner, "not the owner");
        (bool done,) = to.call{value: amount}("");
        require(done, "not paid");
    }
}
