// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Purse} from "./Purse.sol";

/// @title Makes a purse for whoever asks, as a minimal proxy (ERC-1167) of its template.
contract PurseFactory {
    event PurseCreated(address purse, address holder);

    address public boss;
    address public template;
    IERC20 public token;
    /// The one that was made last: unlike the template, it changes in the course of business.
    address public newest;
    mapping(address => address) public purseOf;

    constructor(address first, address model, IERC20 dollar) {
        boss = first;
        template = model;
        token = dollar;
    }

    function setTemplate(address model) external {
        require(msg.sender == boss, "not the boss");
        template = model;
    }

    function create() external returns (address purse) {
        purse = Clones.clone(template);
        Purse(purse).open(msg.sender, token);
        purseOf[msg.sender] = purse;
        newest = purse;
        emit PurseCreated(purse, msg.sender);
    }
}
