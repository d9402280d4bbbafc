// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.27;

import {ERC20PausableUpgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20PausableUpgradeable.sol";
import {ERC20Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/ERC20Upgradeable.sol";
import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";

/// @notice A stablecoin as large issuers write them: behind a proxy, can be paused, can freeze whom it likes.
contract FreezableDollar is ERC20PausableUpgradeable, OwnableUpgradeable, UUPSUpgradeable {
    mapping(address => bool) public isBlacklisted;

    error Frozen(address account);

    function initialize(address owner) external initializer {
        __ERC20_init("Issued Dollar", "iUSD");
        __Ownable_init(owner);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function mint(address to, uint256 amount) external onlyOwner {
        _mint(to, amount);
    }

    function pause() external onlyOwner {
        _pause();
    }

    function setBlacklisted(address account, bool frozen) external onlyOwner {
        isBlacklisted[account] = frozen;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (isBlacklisted[from]) revert Frozen(from);
        super._update(from, to, value);
    }

    function _authorizeUpgrade(address) internal override onlyOwner {}
}
