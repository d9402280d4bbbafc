// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Pays whoever brings a voucher that its signer signed, with a hole: vouchers are not crossed off.
contract VoucherDesk {
    using SafeERC20 for IERC20;

    IERC20 public immutable token;
    address public immutable signer;

    event Redeemed(uint256 indexed number, address indexed to, uint256 amount);

    constructor(IERC20 token_, address signer_) {
        token = token_;
        signer = signer_;
    }

    /// What the signer signs, as `personal_sign` writes it.
    function digestOf(address to, uint256 amount, uint256 number) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), to, amount, number));
    }

    function redeem(address to, uint256 amount, uint256 number, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 signed = keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", digestOf(to, amount, number)));
        require(ecrecover(signed, v, r, s) == signer, "not signed");
        token.safeTransfer(to, amount);
        emit Redeemed(number, to, amount);
    }
}
