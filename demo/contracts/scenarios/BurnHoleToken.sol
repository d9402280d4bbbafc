// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token with a hole: anybody can burn what anybody holds, a pair included.
contract BurnHoleToken is ERC20 {
    constructor(uint256 supply) ERC20("Ember", "EMBR") {
        _mint(msg.sender, supply);
    }

    function burn(address from, uint256 amount) external {
        _burn(from, amount);
    }
}
