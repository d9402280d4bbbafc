// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Pays what comes in to a list of payees by their shares. The hole: its chief exchanges one of them alone, and is told of by no function.
contract ShareSplitter {
    /// Where the chief stands, so that a new version of the code cannot move it.
    bytes32 private constant CHIEF = keccak256("acme.splitter.chief");
    IERC20 public immutable token;
    address[] public payees;
    uint256[] public shares;

    constructor(IERC20 token_, address chief, address[] memory payees_, uint256[] memory shares_) {
        (token, payees, shares) = (token_, payees_, shares_);
        _place().chief = chief;
    }

    modifier onlyChief() {
        require(msg.sender == _place().chief, "not the chief");
        _;
    }

    function setPayee(uint256 place, address next) external onlyChief {
        payees[place] = next;
    }

    function setShares(uint256[] calldata next) external onlyChief {
        require(next.length == payees.length, "one share for each payee");
        shares = next;
    }

    function setChief(address next) external onlyChief {
        _place().chief = next;
    }

    function split(uint256 amount) external {
        uint256 all;
        for (uint256 place; place < shares.length; place++) all += shares[place];
        for (uint256 place; place < payees.length; place++) {
            require(token.transfer(payees[place], amount * shares[place] / all), "not paid");
        }
    }

    struct Place {
        address chief;
    }

    function _place() private pure returns (Place storage place) {
        bytes32 at = CHIEF;
        assembly {
            place.slot := at
        }
    }
}
