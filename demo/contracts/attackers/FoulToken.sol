// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token that from some moment on answers no question as it should, while it still moves.
contract FoulToken is ERC20 {
    enum Mood {
        Honest,
        Reverting,
        Endless,
        Huge
    }

    Mood public mood;

    constructor() ERC20("Foul", "FOUL") {
        _mint(msg.sender, 1e27);
    }

    function turn(Mood mood_) external {
        mood = mood_;
    }

    function balanceOf(address account) public view override returns (uint256) {
        sulk();
        return super.balanceOf(account);
    }

    function decimals() public view override returns (uint8) {
        sulk();
        return 18;
    }

    function symbol() public view override returns (string memory) {
        sulk();
        return "FOUL";
    }

    function totalSupply() public view override returns (uint256) {
        sulk();
        return super.totalSupply();
    }

    function sulk() private view {
        if (mood == Mood.Reverting) revert("not today");
        if (mood == Mood.Endless) while (true) {}
        if (mood == Mood.Huge) {
            assembly {
                return(0, 1048576)
            }
        }
    }
}
