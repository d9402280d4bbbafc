// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Releases what its guards signed. Its hole: it looks at each signature that it is handed, and asks for none.
contract SignedBridge {
    using SafeERC20 for IERC20;

    error NoGuard(address signer);
    error Released(uint256 id);

    IERC20 public immutable token;
    mapping(address account => bool) public isGuard;
    mapping(uint256 id => bool) public isReleased;

    event Release(uint256 indexed id, address indexed to, uint256 amount);

    constructor(IERC20 token_, address[] memory guards) {
        token = token_;
        for (uint256 index; index < guards.length; index++) isGuard[guards[index]] = true;
    }

    /// What the guards sign, as `personal_sign` writes it.
    function digestOf(uint256 id, address to, uint256 amount) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), id, to, amount));
    }

    /// Signatures in the order of their signers, each once.
    function release(uint256 id, address to, uint256 amount, bytes[] calldata signatures) external {
        if (isReleased[id]) revert Released(id);
        isReleased[id] = true;
        bytes32 signed = keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", digestOf(id, to, amount)));
        address last;
        for (uint256 index; index < signatures.length; index++) {
            bytes calldata each = signatures[index];
            address signer = ecrecover(signed, uint8(each[64]), bytes32(each[0:32]), bytes32(each[32:64]));
            if (!isGuard[signer] || signer <= last) revert NoGuard(signer);
            last = signer;
        }
        token.safeTransfer(to, amount);
        emit Release(id, to, amount);
    }
}
