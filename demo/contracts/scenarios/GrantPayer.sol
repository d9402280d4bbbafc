// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Pays the next grant out of a treasury that lets it. The hole: its keeper can change the grant after the vote.
contract GrantPayer {
    IERC20 public immutable token;
    address public immutable treasury;
    address public immutable keeper;
    address public recipient;
    uint256 public amount;

    constructor(IERC20 token_, address treasury_, address keeper_) {
        (token, treasury, keeper) = (token_, treasury_, keeper_);
    }

    function setGrant(address recipient_, uint256 amount_) external {
        require(msg.sender == keeper, "not the keeper");
        (recipient, amount) = (recipient_, amount_);
    }

    function payGrant() external {
        require(msg.sender == treasury, "not the treasury");
        require(token.transferFrom(treasury, recipient, amount), "not paid");
    }
}
