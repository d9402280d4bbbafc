// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The wallet of a trading bot, which runs what it is told. Its hole: it asks nobody who he is.
contract ErrandWallet {
    error Failed(bytes reason);

    event Ran(address indexed to, uint256 value);

    address public immutable owner = msg.sender;

    receive() external payable {}

    function run(address to, uint256 value, bytes calldata data) external payable returns (bytes memory) {
        (bool ok, bytes memory answer) = to.call{value: value}(data);
        if (!ok) revert Failed(answer);
        emit Ran(to, value);
        return answer;
    }
}
