// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

interface IAccount {
    function execTransactionFromModule(address to, uint256 value, bytes calldata data, uint8 operation)
        external
        returns (bool);
}

/// @title A module by which a Safe lets others spend a part of what it holds without its signers.
/// It answers and tells as Safe's allowance module does, whose code is in no package here.
contract AllowanceKeeper {
    event AddDelegate(address indexed safe, address delegate);
    event SetAllowance(
        address indexed safe, address delegate, address token, uint96 allowanceAmount, uint16 resetTime
    );
    event ExecuteAllowanceTransfer(
        address indexed safe, address delegate, address token, address to, uint96 value, uint16 nonce
    );

    struct Allowance {
        uint96 amount;
        uint96 spent;
        uint16 resetMinutes;
        uint32 lastReset;
        uint16 nonce;
    }

    mapping(address safe => mapping(address delegate => bool)) public isDelegate;
    mapping(address safe => mapping(address delegate => mapping(address token => Allowance))) public allowances;

    function addDelegate(address delegate) external {
        isDelegate[msg.sender][delegate] = true;
        emit AddDelegate(msg.sender, delegate);
    }

    function setAllowance(address delegate, address token, uint96 amount, uint16 resetMinutes) external {
        require(isDelegate[msg.sender][delegate], "not a delegate");
        Allowance storage allowance = allowances[msg.sender][delegate][token];
        (allowance.amount, allowance.resetMinutes) = (amount, resetMinutes);
        allowance.lastReset = uint32(block.timestamp / 60);
        emit SetAllowance(msg.sender, delegate, token, amount, resetMinutes);
    }

    function executeAllowanceTransfer(address safe, address token, address to, uint96 amount) external {
        Allowance storage allowance = allowances[safe][msg.sender][token];
        uint256 minute = block.timestamp / 60;
        if (allowance.resetMinutes > 0 && minute >= allowance.lastReset + allowance.resetMinutes) {
            (allowance.spent, allowance.lastReset) = (0, uint32(minute));
        }
        allowance.spent += amount;
        require(allowance.spent <= allowance.amount, "more than allowed");
        bytes memory data = abi.encodeCall(IERC20.transfer, (to, amount));
        require(IAccount(safe).execTransactionFromModule(token, 0, data, 0), "the Safe refused");
        emit ExecuteAllowanceTransfer(safe, msg.sender, token, to, amount, allowance.nonce++);
    }
}
