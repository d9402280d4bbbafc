// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title A token that replaces an older one, with a hole: which one is the older one its caller says.
contract SwapInToken is ERC20, Ownable {
    constructor(uint256 supply) ERC20("Second", "SCND") Ownable(msg.sender) {
        _mint(msg.sender, supply);
    }

    function mint(address to, uint256 amount) external onlyOwner {
        _mint(to, amount);
    }

    function swapIn(IERC20 old, uint256 amount) external {
        old.transferFrom(msg.sender, address(this), amount);
        _mint(msg.sender, amount);
    }
}
