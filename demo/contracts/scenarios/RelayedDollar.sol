// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.27;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice A token that goes from chain to chain: burned here, minted there, on the word of one relayer. It believes that
/// relayer whatever it says, also twice.
contract RelayedDollar is ERC20 {
    address public immutable relayer;
    uint256 public sent;

    event Sent(bytes32 indexed id, address token, uint256 amount, address indexed to);
    event Delivered(bytes32 indexed id, address token, uint256 amount, address indexed to);

    error NotRelayer(address account);

    constructor(address relayer_) ERC20("Relayed Dollar", "rUSD") {
        relayer = relayer_;
        _mint(msg.sender, 1_000_000e18);
    }

    function send(uint256 amount, address to) external {
        bytes32 id = keccak256(abi.encode(block.chainid, address(this), ++sent));
        _burn(msg.sender, amount);
        emit Sent(id, address(this), amount, to);
    }

    function deliver(bytes32 id, uint256 amount, address to) external {
        if (msg.sender != relayer) revert NotRelayer(msg.sender);
        _mint(to, amount);
        emit Delivered(id, address(this), amount, to);
    }
}
