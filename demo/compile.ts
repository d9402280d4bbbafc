import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import solc from 'solc'
import type { Artifact } from './artifact.ts'

const root = resolve(import.meta.dirname, '..')

/** What is compiled and where its artifact goes, relative to the repository. A contract bears the name of its file. */
const targets: readonly { source: string; directory: string }[] = [
  ...[
    'demo/contracts/AcmeFeed.sol',
    'demo/contracts/AcmeGovernor.sol',
    'demo/contracts/AcmeMarket.sol',
    'demo/contracts/AcmePair.sol',
    'demo/contracts/AcmeRewards.sol',
    'demo/contracts/AcmeToken.sol',
    'demo/contracts/AcmeVault.sol',
    'demo/contracts/DemoDollar.sol',
    'demo/contracts/scenarios/AllowanceKeeper.sol',
    'demo/contracts/scenarios/AnswerBoard.sol',
    'demo/contracts/scenarios/AnsweredModule.sol',
    'demo/contracts/scenarios/BankRouter.sol',
    'demo/contracts/scenarios/BatchLender.sol',
    'demo/contracts/scenarios/BidHouse.sol',
    'demo/contracts/scenarios/BoxReader.sol',
    'demo/contracts/scenarios/BoardLender.sol',
    'demo/contracts/scenarios/BurnHoleToken.sol',
    'demo/contracts/scenarios/CallbackRouter.sol',
    'demo/contracts/scenarios/CardBox.sol',
    'demo/contracts/scenarios/ClaimList.sol',
    'demo/contracts/scenarios/CoinBank.sol',
    'demo/contracts/scenarios/CoinCollector.sol',
    'demo/contracts/scenarios/CoinKeep.sol',
    'demo/contracts/scenarios/CoinTickets.sol',
    'demo/contracts/scenarios/CutOffBank.sol',
    'demo/contracts/scenarios/EntryBank.sol',
    'demo/contracts/scenarios/FalseCoin.sol',
    'demo/contracts/scenarios/ErrandWallet.sol',
    'demo/contracts/scenarios/EtaTimelock.sol',
    'demo/contracts/scenarios/FarmShare.sol',
    'demo/contracts/scenarios/FeedProxy.sol',
    'demo/contracts/scenarios/FixedExchange.sol',
    'demo/contracts/scenarios/FlashBuyer.sol',
    'demo/contracts/scenarios/FlowDollar.sol',
    'demo/contracts/scenarios/FreezableDollar.sol',
    'demo/contracts/scenarios/GapTrader.sol',
    'demo/contracts/scenarios/GrantPayer.sol',
    'demo/contracts/scenarios/GuardedBank.sol',
    'demo/contracts/scenarios/HollowTimelock.sol',
    'demo/contracts/scenarios/ItemStable.sol',
    'demo/contracts/scenarios/KeepLender.sol',
    'demo/contracts/scenarios/KeptFeed.sol',
    'demo/contracts/scenarios/KeyedBridge.sol',
    'demo/contracts/scenarios/KeyRegister.sol',
    'demo/contracts/scenarios/LooseWrapper.sol',
    'demo/contracts/scenarios/RootDistributor.sol',
    'demo/contracts/scenarios/RootInbox.sol',
    'demo/contracts/scenarios/PeerToken.sol',
    'demo/contracts/scenarios/PayModule.sol',
    'demo/contracts/scenarios/ModuleWallet.sol',
    'demo/contracts/scenarios/ManagedTreasury.sol',
    'demo/contracts/scenarios/NaiveVault.sol',
    'demo/contracts/scenarios/NamedBank.sol',
    'demo/contracts/scenarios/NumberedGovernor.sol',
    'demo/contracts/scenarios/OpenInitializer.sol',
    'demo/contracts/scenarios/OpenRouter.sol',
    'demo/contracts/scenarios/OpenSafeBox.sol',
    'demo/contracts/scenarios/OperatorPool.sol',
    'demo/contracts/scenarios/OwedRegistry.sol',
    'demo/contracts/scenarios/PatientModule.sol',
    'demo/contracts/scenarios/PayDesk.sol',
    'demo/contracts/scenarios/PayrollTreasury.sol',
    'demo/contracts/scenarios/PermitPool.sol',
    'demo/contracts/scenarios/PlainCoin.sol',
    'demo/contracts/scenarios/PlanPayer.sol',
    'demo/contracts/scenarios/PlainVault.sol',
    'demo/contracts/scenarios/PriorVotes.sol',
    'demo/contracts/scenarios/Purse.sol',
    'demo/contracts/scenarios/PurseFactory.sol',
    'demo/contracts/scenarios/QuietPool.sol',
    'demo/contracts/scenarios/QuoteBoard.sol',
    'demo/contracts/scenarios/RangeProvider.sol',
    'demo/contracts/scenarios/RelayedDollar.sol',
    'demo/contracts/scenarios/ShareLender.sol',
    'demo/contracts/scenarios/ReportedFund.sol',
    'demo/contracts/scenarios/SavingsCoin.sol',
    'demo/contracts/scenarios/SeasonFarm.sol',
    'demo/contracts/scenarios/ShareMill.sol',
    'demo/contracts/scenarios/ShareSplitter.sol',
    'demo/contracts/scenarios/SignedBridge.sol',
    'demo/contracts/scenarios/SpotLender.sol',
    'demo/contracts/scenarios/SpotMarket.sol',
    'demo/contracts/scenarios/SwapDesk.sol',
    'demo/contracts/scenarios/SwapInToken.sol',
    'demo/contracts/scenarios/TellingRouter.sol',
    'demo/contracts/scenarios/TicketBank.sol',
    'demo/contracts/scenarios/TicketClerk.sol',
    'demo/contracts/scenarios/TokensBank.sol',
    'demo/contracts/scenarios/UnaskedCoin.sol',
    'demo/contracts/scenarios/VotesTreasury.sol',
    'demo/contracts/scenarios/VoucherDesk.sol',
    'demo/contracts/scenarios/ZapVault.sol',
    'demo/contracts/attackers/BankMover.sol',
    'demo/contracts/attackers/BankRobber.sol',
    'demo/contracts/attackers/BoxOpener.sol',
    'demo/contracts/attackers/CallbackRobber.sol',
    'demo/contracts/attackers/FarmRobber.sol',
    'demo/contracts/attackers/FoulToken.sol',
    'demo/contracts/attackers/HostileModule.sol',
    'demo/contracts/attackers/HostileSingleton.sol',
    'demo/contracts/attackers/HostileStrategy.sol',
    'demo/contracts/attackers/HostileVault.sol',
    'demo/contracts/attackers/KeepRobber.sol',
    'demo/contracts/attackers/MillGrinder.sol',
    'demo/contracts/attackers/OpenPurse.sol',
    'demo/contracts/attackers/PriceManipulation.sol',
    'demo/contracts/attackers/ReentrantExit.sol',
    'demo/contracts/attackers/ShareGiver.sol',
    'demo/contracts/attackers/SingletonSwap.sol',
    'demo/contracts/attackers/SpotPush.sol',
    'demo/contracts/attackers/SpotPusher.sol',
    'demo/contracts/attackers/TicketForger.sol',
    'demo/contracts/attackers/TimelockBypass.sol',
    '@openzeppelin/contracts/access/manager/AccessManager.sol',
    '@openzeppelin/contracts/governance/TimelockController.sol',
    '@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol',
  ].map((source) => ({ source, directory: 'demo/artifacts' })),
  { source: 'src/evm/contracts/ReadMany.sol', directory: 'src/evm/contracts' },
]

/** Nothing in the output depends on comments, file names or the machine: the metadata is left off. */
const settings = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: 'cancun',
  metadata: { bytecodeHash: 'none', appendCBOR: false },
  outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
}

type SolcOutput = {
  errors?: { severity: string; formattedMessage: string }[]
  contracts?: Record<
    string,
    Record<
      string,
      { abi: Artifact['abi']; evm: { bytecode: { object: string }; deployedBytecode: { object: string } } }
    >
  >
}

/**
 * Compiles every target that exists, without a network.
 *
 * The compiler reads the files through its import callback: passed as one JSON they would go through the 5 MiB stack
 * of its WebAssembly, which overflows at 1.31 MB of input.
 *
 * @returns The text of each artifact by its path relative to the repository.
 */
export function compileArtifacts(): Map<string, string> {
  const present = targets.filter(({ source }) => existsSync(pathOf(source)))
  const sources = Object.fromEntries(present.map(({ source }) => [source, { content: readSource(source) }]))
  const output: SolcOutput = JSON.parse(
    solc.compile(JSON.stringify({ language: 'Solidity', sources, settings }), {
      import: (source: string) =>
        existsSync(pathOf(source)) ? { contents: readSource(source) } : { error: `${source} does not exist.` },
    }),
  )
  const errors = output.errors?.filter(({ severity }) => severity === 'error') ?? []
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'))

  return new Map(
    present.map(({ source, directory }) => {
      const contractName = basename(source, '.sol')
      const compiled = output.contracts?.[source]?.[contractName]
      if (!compiled) throw new Error(`${source} holds no contract named ${contractName}.`)
      const { abi, evm } = compiled
      return [
        join(directory, `${contractName}.json`),
        formatArtifact({
          contractName,
          abi,
          bytecode: `0x${evm.bytecode.object}`,
          deployedBytecode: `0x${evm.deployedBytecode.object}`,
        }),
      ] as const
    }),
  )
}

const pathOf = (source: string) => join(root, source.startsWith('@') ? 'node_modules' : '', source)
const readSource = (source: string) => readFileSync(pathOf(source), 'utf8')

/** One line for each entry of the ABI, so that a change reads well in a diff. */
function formatArtifact({ contractName, abi, bytecode, deployedBytecode }: Artifact): string {
  const entries = abi.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n')
  return `{
  "contractName": "${contractName}",
  "abi": [
${entries}
  ],
  "bytecode": "${bytecode}",
  "deployedBytecode": "${deployedBytecode}"
}
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of compileArtifacts()) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    console.log(`${path} (${text.length} bytes)`)
  }
}
