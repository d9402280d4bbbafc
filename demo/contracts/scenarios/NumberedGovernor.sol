// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {EtaTimelock} from "./EtaTimelock.sol";

interface IPriorVotes {
    function getPriorVotes(address account, uint256 number) external view returns (uint256);
}

/// @title A governor that answers and tells as Compound's Bravo does, whose code is in no package here.
contract NumberedGovernor {
    event ProposalCreated(
        uint256 id,
        address proposer,
        address[] targets,
        uint256[] values,
        string[] signatures,
        bytes[] calldatas,
        uint256 startBlock,
        uint256 endBlock,
        string description
    );
    event VoteCast(address indexed voter, uint256 proposalId, uint8 support, uint256 votes, string reason);
    event ProposalQueued(uint256 id, uint256 eta);
    event ProposalExecuted(uint256 id);

    struct Proposal {
        address[] targets;
        uint256[] values;
        string[] signatures;
        bytes[] calldatas;
        uint256 startBlock;
        uint256 endBlock;
        uint256 forVotes;
        uint256 againstVotes;
        uint256 eta;
        bool executed;
    }

    uint256 public constant quorumVotes = 400_000e18;
    uint256 public constant proposalThreshold = 25_000e18;
    uint256 public constant votingDelay = 2;
    uint256 public constant votingPeriod = 20;
    IPriorVotes public immutable comp;
    EtaTimelock public immutable timelock;
    uint256 public proposalCount;
    mapping(uint256 => Proposal) private proposalOf;
    mapping(uint256 => mapping(address => bool)) private hasVoted;

    constructor(IPriorVotes votes, EtaTimelock executor) {
        comp = votes;
        timelock = executor;
    }

    function acceptTimelock() external {
        timelock.acceptAdmin();
    }

    function state(uint256 id) public view returns (uint8) {
        Proposal storage proposal = proposalOf[id];
        if (block.number <= proposal.startBlock) return 0;
        if (block.number <= proposal.endBlock) return 1;
        if (proposal.forVotes <= proposal.againstVotes || proposal.forVotes < quorumVotes) return 3;
        if (proposal.eta == 0) return 4;
        return proposal.executed ? 7 : 5;
    }

    function propose(
        address[] memory targets,
        uint256[] memory values,
        string[] memory signatures,
        bytes[] memory calldatas,
        string memory description
    ) external {
        require(comp.getPriorVotes(msg.sender, block.number - 1) > proposalThreshold, "too few votes");
        uint256 id = ++proposalCount;
        Proposal storage proposal = proposalOf[id];
        (proposal.targets, proposal.values) = (targets, values);
        (proposal.signatures, proposal.calldatas) = (signatures, calldatas);
        proposal.startBlock = block.number + votingDelay;
        proposal.endBlock = proposal.startBlock + votingPeriod;
        emit ProposalCreated(
            id,
            msg.sender,
            targets,
            values,
            signatures,
            calldatas,
            proposal.startBlock,
            proposal.endBlock,
            description
        );
    }

    function castVote(uint256 id, uint8 support) external {
        require(state(id) == 1 && !hasVoted[id][msg.sender], "no vote now");
        hasVoted[id][msg.sender] = true;
        Proposal storage proposal = proposalOf[id];
        uint256 votes = comp.getPriorVotes(msg.sender, proposal.startBlock);
        if (support == 1) proposal.forVotes += votes;
        else proposal.againstVotes += votes;
        emit VoteCast(msg.sender, id, support, votes, "");
    }

    function queue(uint256 id) external {
        require(state(id) == 4, "not won");
        Proposal storage proposal = proposalOf[id];
        proposal.eta = block.timestamp + timelock.delay();
        for (uint256 i; i < proposal.targets.length; i++) {
            timelock.queueTransaction(
                proposal.targets[i],
                proposal.values[i],
                proposal.signatures[i],
                proposal.calldatas[i],
                proposal.eta
            );
        }
        emit ProposalQueued(id, proposal.eta);
    }

    function execute(uint256 id) external {
        require(state(id) == 5, "not queued");
        Proposal storage proposal = proposalOf[id];
        proposal.executed = true;
        for (uint256 i; i < proposal.targets.length; i++) {
            timelock.executeTransaction(
                proposal.targets[i],
                proposal.values[i],
                proposal.signatures[i],
                proposal.calldatas[i],
                proposal.eta
            );
        }
        emit ProposalExecuted(id);
    }
}
