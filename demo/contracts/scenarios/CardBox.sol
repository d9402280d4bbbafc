// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";

/// @title Keeps cards of many kinds for their owners. Its hole: of a list it looks at the first kind only.
contract CardBox is ERC1155Holder {
    error NotYours(uint256 id);

    IERC1155 public immutable cards;
    mapping(address account => mapping(uint256 id => uint256)) public kept;

    constructor(IERC1155 cards_) {
        cards = cards_;
    }

    function bring(uint256[] calldata ids, uint256[] calldata counts) external {
        for (uint256 index; index < ids.length; index++) kept[msg.sender][ids[index]] += counts[index];
        cards.safeBatchTransferFrom(msg.sender, address(this), ids, counts, "");
    }

    function fetch(uint256[] calldata ids, uint256[] calldata counts) external {
        if (kept[msg.sender][ids[0]] < counts[0]) revert NotYours(ids[0]);
        for (uint256 index; index < ids.length; index++) {
            uint256 left = kept[msg.sender][ids[index]];
            kept[msg.sender][ids[index]] = left < counts[index] ? 0 : left - counts[index];
        }
        cards.safeBatchTransferFrom(address(this), msg.sender, ids, counts, "");
    }
}
