import { getAddress } from 'viem/utils'
import { Document } from 'yaml'
import { plainText } from '../../lib/plainText.ts'
import type { Imported } from './importSource.ts'
import type { ImportedMonitor } from './planMonitor.ts'
import { describeRemarks, type Remarks } from './remarks.ts'

type ToRender = {
  imported: Imported
  remarks: Remarks
  /** Name of the folder or file that was read. */
  from: string
  /** Path of the schema, for editors. */
  schema: string | null
  /** Path of the ABI of a contract, from the config. */
  abiPaths: ReadonlyMap<string, string>
}

/** Remarks of one kind that stand in the config; all of them are printed. */
const remarksMax = 100
const lineMax = 600

/** The text of a config: at its head what was not carried over, above each monitor where it came from. */
export function renderImport({ imported, remarks, from, schema, abiPaths }: ToRender): string {
  const { chains, contracts, monitors, channels } = imported
  return [
    ...(schema === null ? [] : [`# yaml-language-server: $schema=${schema}`]),
    comment(`Imported by \`tocsin import oz\` from ${from}. It is yours now: change what does not fit.`),
    '#',
    ...describeRemarks(remarks, remarksMax).map(comment),
    '',
    'protocol: My protocol # its name, as people will read it in every message',
    '',
    'chains:',
    ...chains.map(({ name, id, rpc, confirmations, from: file }) =>
      entry(name, { id, rpc, ...(confirmations === undefined ? {} : { confirmations }) }, [`from ${file}`]),
    ),
    '',
    'contracts:',
    ...contracts.map(({ name, chain, address, namedBy }) => {
      const abi = abiPaths.get(name)
      const about = [...namedBy].slice(0, 5).map((monitor) => `"${monitor}"`)
      return entry(name, { chain, address: getAddress(address), ...(abi === undefined ? {} : { abi }) }, [
        `named by ${about.join(', ')}${namedBy.size > 5 ? ', …' : ''}; give it a name that says what it is`,
      ])
    }),
    '',
    'monitors:',
    ...monitors.map(renderMonitor),
    ...renderPeople(imported),
    ...(channels.length > 0 ? [] : [nobody]),
    '',
  ].join('\n')
}

function renderMonitor({ name, on, when, paused, title, from }: ImportedMonitor): string {
  const made = {
    use: 'expression',
    on: on.length === 1 ? on[0] : on,
    when,
    ...(paused ? { mode: 'off' } : {}),
    ...(title === null ? {} : { options: { title } }),
  }
  return entry(name, made, [`from ${from.file}, "${from.monitor}", ${from.condition}`])
}

function renderPeople({ channels, monitors }: Imported): string[] {
  if (channels.length === 0) return []
  const routes = channels.flatMap(({ name }) => {
    const heard = monitors.filter(({ notify }) => notify.includes(name)).map((monitor) => monitor.name)
    return partsOf(heard).map((monitor) => ({ match: { monitor }, notify: [name] }))
  })
  const all = partsOf(channels.map(({ name }) => name)).map((notify) => ({ match: { monitor: 'tocsin' }, notify }))
  return [
    '',
    'channels:',
    ...channels.map(({ name, use, options, from }) => entry(name, { use, options }, [`from ${from}`])),
    '',
    'routes:',
    '  # What is wrong with the watch itself, such as a chain that cannot be read.',
    ...[...all, ...routes].map((route) => indented(yamlOf([route]))),
  ]
}

/** As many names as the config takes in one list. */
const routeMax = 1000

function partsOf(names: readonly string[]): string[][] {
  const starts = Array.from({ length: Math.ceil(names.length / routeMax) }, (_, index) => index * routeMax)
  return starts.map((start) => names.slice(start, start + routeMax))
}

function entry(name: string, value: object, comments: readonly string[]): string {
  return [...comments.map((text) => `  ${comment(text)}`), indented(yamlOf({ [name]: value }))].join('\n')
}

function comment(text: string): string {
  const leading = /^ */.exec(text)![0]
  return `# ${leading}${plainText(text, lineMax)}`.trimEnd()
}

const indented = (text: string) => text.trimEnd().replaceAll(/^(?=.)/gm, '  ')

function yamlOf(value: unknown): string {
  return new Document(value, { aliasDuplicateObjects: false }).toString({ lineWidth: 0 })
}

const nobody = `
# Who is told. Until there is a channel, alerts stand in the console only.
# channels:
#   ops: { use: slack, options: { url: env:SLACK_URL } }
# routes:
#   - { match: { severity: ">=low" }, notify: [ops] }`
