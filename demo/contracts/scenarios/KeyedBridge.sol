// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {KeyRegister} from "./KeyRegister.sol";

/// @title A bridge that does what a signed message says, with a hole: also with the register of its own key.
contract KeyedBridge {
    using SafeERC20 for IERC20;

    event Locked(address indexed from, uint256 amount);
    event Done(bytes32 indexed message, address target);

    KeyRegister public immutable register;
    IERC20 public immutable token;

    constructor(KeyRegister register_, IERC20 token_) {
        register = register_;
        token = token_;
    }

    function lock(uint256 amount) external {
        token.safeTransferFrom(msg.sender, address(this), amount);
        emit Locked(msg.sender, amount);
    }

    function carryOut(uint256 number, address target, bytes calldata data, bytes calldata signature) external {
        bytes32 message = keccak256(abi.encode(number, target, data));
        register.cross(message);
        bytes memory signer = abi.encode(ECDSA.recover(message, signature));
        require(keccak256(signer) == keccak256(register.currentKey()), "not signed");
        (bool done,) = target.call(data);
        require(done, "the call failed");
        emit Done(message, target);
    }

    function unlock(address to, uint256 amount) external {
        require(msg.sender == address(this), "not by a message");
        token.safeTransfer(to, amount);
    }
}
