// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A coin whose allowances are written down and spent. Its hole: it moves a coin also where there is none left.
contract UnaskedCoin is ERC20 {
    constructor(uint256 supply) ERC20("Unasked coin", "UNASK") {
        _mint(msg.sender, supply);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        uint256 allowed = allowance(from, msg.sender);
        if (allowed >= amount) _approve(from, msg.sender, allowed - amount);
        _transfer(from, to, amount);
        return true;
    }
}
