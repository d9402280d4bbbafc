import { existsSync } from 'node:fs'
import { plugIns } from '../../app/plugIns.ts'
import type { Config } from '../../config/config.ts'
import { loadConfig } from '../../config/loadConfig.ts'
import { ConfigError } from '../../config/problem.ts'
import { readYaml } from '../../config/readYaml.ts'
import { KnownError } from '../../model/error.ts'
import type { Json } from '../../model/finding.ts'
import { Secret } from '../../model/secret.ts'
import { withHostOnly } from './createRedactor.ts'

export type DescribedConfig = {
  file: string
  /** What is wrong with it, each with its place. */
  problems: string[]
  /** Every secret by its reference, every URL by its host. */
  content: Json
  /** Undefined: it cannot be used. */
  config: Config | undefined
  /** What must not be seen anywhere. */
  secrets: string[]
}

/** Reads a config as far as it can be read; one that is wrong is what support is asked about most. */
export function describeConfig(file: string): DescribedConfig | null {
  if (!existsSync(file)) return null
  try {
    const { value } = readYaml(file, process.env)
    const secrets: string[] = []
    const content = shown(value, [], secrets)
    return { file, content, secrets, ...load(file) }
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    return { file, problems: [error.message], content: null, config: undefined, secrets: [] }
  }
}

function load(file: string): Pick<DescribedConfig, 'config' | 'problems'> {
  try {
    return { config: loadConfig(file, plugIns), problems: [] }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const problems = error.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
    return { config: undefined, problems }
  }
}

const secretKey = /key|token|secret|password|passwd|credential|mnemonic|cookie|authorization|signature/i
/** A token of the chain, as options name it. */
const chainToken = /^(native|\$\w+|0x[0-9a-fA-F]{40})$/

function shown(value: unknown, path: readonly string[], secrets: string[]): Json {
  if (value instanceof Secret) {
    secrets.push(value.reveal())
    return value.toString()
  }
  if (Array.isArray(value)) return value.map((item, index) => shown(item, [...path, String(index)], secrets))
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item, [...path, key], secrets)]))
  }
  if (typeof value !== 'string') return typeof value === 'bigint' ? String(value) : ((value ?? null) as Json)
  if (!mustHide(value, path)) return value
  secrets.push(value)
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? withHostOnly(value) : `(${value.length} characters, hidden)`
}

/** A secret that stands in the config against all advice, too. Options of channels are theirs: nothing of them is shown. */
function mustHide(text: string, path: readonly string[]): boolean {
  const [section, , field] = path
  if (section === 'channels') return field === 'options'
  if (section === 'chains' && field === 'rpc') return true
  if (section === 'heartbeat') return true
  return path.some((key) => secretKey.test(key)) && !chainToken.test(text)
}
