// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessControlUpgradeable} from "@openzeppelin/contracts-upgradeable/access/AccessControlUpgradeable.sol";
import {ERC4626Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC4626Upgradeable.sol";
import {PausableUpgradeable} from "@openzeppelin/contracts-upgradeable/utils/PausableUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// Told when a contract has left the vault, so that it can go on with the money.
interface IExitHook {
    function onExit(uint256 assets) external;
}

/// @title An upgradeable ERC-4626 vault with two holes, left open for the attacks of the demo:
/// `exit` calls its receiver before it burns the shares, and `runStrategy` runs foreign code in the vault's own storage.
contract AcmeVault is ERC4626Upgradeable, AccessControlUpgradeable, PausableUpgradeable, UUPSUpgradeable {
    using SafeERC20 for IERC20;

    bytes32 public constant GUARDIAN_ROLE = keccak256("GUARDIAN_ROLE");
    bytes32 public constant STRATEGIST_ROLE = keccak256("STRATEGIST_ROLE");
    bytes32 public constant UPGRADER_ROLE = keccak256("UPGRADER_ROLE");

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    function initialize(IERC20 asset_, address[2] calldata admins, address upgrader, address guardian, address strategist)
        external
        initializer
    {
        __ERC20_init("Acme Vault Share", "avUSD");
        __ERC4626_init(asset_);
        _grantRole(DEFAULT_ADMIN_ROLE, admins[0]);
        _grantRole(DEFAULT_ADMIN_ROLE, admins[1]);
        _grantRole(UPGRADER_ROLE, upgrader);
        _grantRole(GUARDIAN_ROLE, guardian);
        _grantRole(STRATEGIST_ROLE, strategist);
    }

    function pause() external onlyRole(GUARDIAN_ROLE) {
        _pause();
    }

    function unpause() external onlyRole(DEFAULT_ADMIN_ROLE) {
        _unpause();
    }

    /// Leaves with everything that the caller has in the vault.
    function exit(address receiver) external whenNotPaused returns (uint256 assets) {
        assets = previewRedeem(balanceOf(msg.sender));
        IERC20(asset()).safeTransfer(receiver, assets);
        emit Withdraw(msg.sender, receiver, msg.sender, assets, balanceOf(msg.sender));
        if (receiver.code.length > 0) IExitHook(receiver).onExit(assets);
        _burn(msg.sender, balanceOf(msg.sender));
    }

    /// Lets a strategy library work with the vault's assets.
    function runStrategy(address strategy, bytes calldata data) external onlyRole(STRATEGIST_ROLE) whenNotPaused {
        Address.functionDelegateCall(strategy, data);
    }

    function _deposit(address caller, address receiver, uint256 assets, uint256 shares) internal override whenNotPaused {
        super._deposit(caller, receiver, assets, shares);
    }

    function _withdraw(address caller, address receiver, address owner, uint256 assets, uint256 shares)
        internal
        override
        whenNotPaused
    {
        super._withdraw(caller, receiver, owner, assets, shares);
    }

    function _authorizeUpgrade(address) internal override onlyRole(UPGRADER_ROLE) {}
}
