// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IRouter} from "../scenarios/FlashBuyer.sol";
import {SpotLender} from "../scenarios/SpotLender.sol";

/// @title Buys gold until the lender thinks that it is dear, pledges a little of it, and sells the rest again.
contract SpotPusher {
    SpotLender private immutable lender;
    IRouter private immutable router;

    constructor(SpotLender lender_, IRouter router_) {
        lender = lender_;
        router = router_;
    }

    function push(uint256 dollars, uint256 pledge, uint256 loan) external {
        (IERC20 gold, IERC20 dollar) = (lender.gold(), lender.dollar());
        dollar.transferFrom(msg.sender, address(this), dollars);
        swap(dollar, gold, dollars);
        gold.approve(address(lender), pledge);
        lender.pledge(pledge);
        lender.borrow(loan);
        swap(gold, dollar, gold.balanceOf(address(this)));
        dollar.transfer(msg.sender, dollar.balanceOf(address(this)));
    }

    function swap(IERC20 from, IERC20 to, uint256 amount) private {
        from.approve(address(router), amount);
        address[] memory path = new address[](2);
        (path[0], path[1]) = (address(from), address(to));
        router.swapExactTokensForTokens(amount, 0, path, address(this), block.timestamp);
    }
}
