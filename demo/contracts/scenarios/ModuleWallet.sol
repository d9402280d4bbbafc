// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title A treasury that lets its keepers run the code of modules as itself.
contract ModuleWallet {
    error NotAllowed(address account);

    mapping(address => uint256) private since;

    constructor(address[] memory keepers) {
        for (uint256 at = 0; at < keepers.length; at++) since[keepers[at]] = block.timestamp;
    }

    function run(address module, bytes calldata data) external returns (bytes memory) {
        if (since[msg.sender] == 0) revert NotAllowed(msg.sender);
        (bool done, bytes memory answer) = module.delegatecall(data);
        if (!done) {
            assembly {
                revert(add(answer, 32), mload(answer))
            }
        }
        return answer;
    }
}
