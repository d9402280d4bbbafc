// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {OpenSafeBox} from "./OpenSafeBox.sol";

/// @title Keeps dollars in a box for its owner, and takes out what it kept there.
contract BoxReader {
    OpenSafeBox private immutable box;
    address private immutable owner;

    constructor(OpenSafeBox box_) {
        (box, owner) = (box_, msg.sender);
    }

    function kept() external view returns (uint256) {
        return box.balanceOf(address(this));
    }

    function keepAll() external {
        uint256 amount = box.asset().balanceOf(address(this));
        box.asset().approve(address(box), amount);
        box.keep(amount);
    }

    function takeAll() external {
        require(msg.sender == owner, "not you");
        box.take(address(this), box.balanceOf(address(this)));
        box.asset().transfer(owner, box.asset().balanceOf(address(this)));
    }
}
