// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token on many chains: what its peer on another chain took in, it makes here. Of a change of a peer it says nothing.
contract PeerToken is ERC20 {
    error NotAllowed(address account);
    error NotThePeer(uint32 chain, bytes32 sender);

    address public immutable owner;
    address public immutable timelock;
    address public immutable endpoint;
    mapping(uint32 chain => bytes32) public peers;

    constructor(address owner_, address timelock_, address endpoint_) ERC20("Peer Dollar", "pUSD") {
        (owner, timelock, endpoint) = (owner_, timelock_, endpoint_);
        _mint(owner_, 3_000_000e18);
    }

    function setPeer(uint32 chain, bytes32 peer) external {
        if (msg.sender != owner && msg.sender != timelock) revert NotAllowed(msg.sender);
        peers[chain] = peer;
    }

    function send(uint32 chain, uint256 amount) external {
        require(peers[chain] != bytes32(0));
        _burn(msg.sender, amount);
    }

    /// The endpoint has checked that the sender sent this on its chain, whoever that is.
    function receiveMessage(uint32 chain, bytes32 sender, address to, uint256 amount) external {
        if (msg.sender != endpoint) revert NotAllowed(msg.sender);
        if (peers[chain] == bytes32(0) || peers[chain] != sender) revert NotThePeer(chain, sender);
        _mint(to, amount);
    }
}
