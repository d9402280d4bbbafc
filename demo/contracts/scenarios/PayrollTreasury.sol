// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {FlowDollar} from "./FlowDollar.sol";

/// @title A treasury that pays salaries by flows. The hole: what its clerk lets flow has no limit.
contract PayrollTreasury is Ownable {
    FlowDollar public immutable token;
    address public clerk;

    constructor(address owner_, FlowDollar token_, address clerk_) Ownable(owner_) {
        (token, clerk) = (token_, clerk_);
    }

    function setClerk(address clerk_) external onlyOwner {
        clerk = clerk_;
    }

    function setSalary(address to, int96 perSecond) external {
        require(msg.sender == owner() || msg.sender == clerk, "not allowed");
        token.setFlow(to, perSecond);
    }
}
