// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title A dollar that can flow: balances change every second without a transfer, and flows are told of as Superfluid does.
contract FlowDollar {
    string public constant name = "Flow Dollar";
    string public constant symbol = "dUSDx";
    uint8 public constant decimals = 18;

    struct Account {
        int256 settled;
        uint256 settledAt;
        int256 rate;
    }

    address public immutable minter;
    uint256 public totalSupply;
    mapping(address => Account) private accounts;
    mapping(address => mapping(address => int96)) public flows;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event FlowUpdated(
        address indexed token,
        address indexed sender,
        address indexed receiver,
        int96 flowRate,
        int256 totalSenderFlowRate,
        int256 totalReceiverFlowRate,
        bytes userData
    );

    constructor(address minter_) {
        minter = minter_;
    }

    function mint(address to, uint256 amount) external {
        require(msg.sender == minter, "not the minter");
        totalSupply += amount;
        accounts[to].settled += int256(amount);
        emit Transfer(address(0), to, amount);
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        require(amount <= balanceOf(msg.sender), "not enough");
        accounts[msg.sender].settled -= int256(amount);
        accounts[to].settled += int256(amount);
        emit Transfer(msg.sender, to, amount);
        return true;
    }

    /// @notice What flows from the caller to somebody per second from now on; 0 ends it.
    function setFlow(address to, int96 rate) external {
        require(rate >= 0 && to != msg.sender, "no such flow");
        int96 before = flows[msg.sender][to];
        flows[msg.sender][to] = rate;
        int256 sent = _turn(msg.sender, before - rate);
        int256 got = _turn(to, rate - before);
        emit FlowUpdated(address(this), msg.sender, to, rate, sent, got, "");
    }

    function balanceOf(address account) public view returns (uint256) {
        (int256 now_, , ) = realtimeBalanceOf(account, block.timestamp);
        return now_ > 0 ? uint256(now_) : 0;
    }

    function realtimeBalanceOf(address account, uint256 time) public view returns (int256, uint256, uint256) {
        Account storage own = accounts[account];
        return (own.settled + own.rate * (int256(time) - int256(own.settledAt)), 0, 0);
    }

    function _turn(address account, int256 by) private returns (int256) {
        Account storage own = accounts[account];
        (own.settled, , ) = realtimeBalanceOf(account, block.timestamp);
        own.settledAt = block.timestamp;
        return own.rate += by;
    }
}
