// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title Wrapped coins with a hole: `depositMany` counts the coins that were sent once for each recipient.
contract LooseWrapper is ERC20 {
    event Deposit(address indexed dst, uint256 wad);
    event Withdrawal(address indexed src, uint256 wad);

    constructor() ERC20("Loose Ether", "LETH") {}

    function deposit() public payable {
        _mint(msg.sender, msg.value);
        emit Deposit(msg.sender, msg.value);
    }

    function depositMany(address[] calldata recipients) external payable {
        for (uint256 i = 0; i < recipients.length; i++) {
            _mint(recipients[i], msg.value);
            emit Deposit(recipients[i], msg.value);
        }
    }

    function withdraw(uint256 amount) external {
        _burn(msg.sender, amount);
        emit Withdrawal(msg.sender, amount);
        (bool sent,) = msg.sender.call{value: amount}("");
        require(sent, "not taken");
    }
}
