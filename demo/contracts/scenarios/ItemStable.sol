// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

/// @title Keeps items of a collection for their owners. Its hole: whoever owns the first of a list gets all of it.
contract ItemStable {
    error NotYours(uint256 id);

    IERC721 public immutable items;
    mapping(uint256 id => address) public keptFor;

    constructor(IERC721 items_) {
        items = items_;
    }

    function bring(uint256[] calldata ids) external {
        for (uint256 index; index < ids.length; index++) {
            items.transferFrom(msg.sender, address(this), ids[index]);
            keptFor[ids[index]] = msg.sender;
        }
    }

    function fetch(uint256[] calldata ids) external {
        if (keptFor[ids[0]] != msg.sender) revert NotYours(ids[0]);
        for (uint256 index; index < ids.length; index++) {
            delete keptFor[ids[index]];
            items.transferFrom(address(this), msg.sender, ids[index]);
        }
    }
}
