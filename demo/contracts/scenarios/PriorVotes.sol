// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.27;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";

/// @title A token of votes that is asked as Compound's is.
contract PriorVotes is ERC20, ERC20Votes {
    constructor(address holder, uint256 supply) ERC20("Prior Votes", "PRIOR") EIP712("Prior Votes", "1") {
        _mint(holder, supply);
    }

    function getPriorVotes(address account, uint256 number) external view returns (uint256) {
        return getPastVotes(account, number);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
