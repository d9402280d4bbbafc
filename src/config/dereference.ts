import { resolve } from 'node:path'
import { Secret } from '../model/secret.ts'
import { readTextFile } from './readTextFile.ts'

const secretBytesMax = 64 * 1024

/** Whether a text of the config says where a value is rather than the value itself. */
export function isReference(text: string): boolean {
  return /^(env|file):/.test(text)
}

/** What a reference leads to, or why it leads nowhere, in words without the value. */
export function dereference(
  reference: string,
  folder: string,
  env: NodeJS.ProcessEnv,
): Secret | { message: string; hint: string } {
  const name = reference.slice(reference.indexOf(':') + 1)
  if (reference.startsWith('env:')) {
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name)) {
      return { message: 'After `env:` stands no name of an environment variable.', hint: 'Such as `env:SLACK_URL`.' }
    }
    const value = env[name]?.trim()
    if (value) return new Secret(value, reference)
    const state = env[name] === undefined ? 'not set' : 'empty'
    return {
      message: `The environment variable ${name} is ${state}.`,
      hint: `Set it before you start: export ${name}=…`,
    }
  }
  const read = readTextFile(resolve(folder, name), secretBytesMax)
  if ('fault' in read) {
    return { message: `The file ${name} ${read.fault}.`, hint: 'Its path is relative to the folder of the config.' }
  }
  if (read.text.trim()) return new Secret(read.text.trim(), reference)
  return { message: `The file ${name} is empty.`, hint: 'It should hold the secret and nothing else.' }
}
