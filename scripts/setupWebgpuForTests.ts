/**
 * Unpacks the packages of the webgpu engine into `node_modules` of a clone, for this platform: they are optional peers of
 * this package, which `npm ci` leaves out and `npm install` does not add to their own project. Exits with 1 if that fails.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const { peerDependencies, peerDependenciesMeta } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>
}
const platform = process.platform === 'darwin' ? 'darwin-universal' : `${process.platform}-${process.arch}`

function install(name: string, version: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'webgpu-'))
  try {
    const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder, `${name}@${version}`])
    const archive = packed.toString().trim().split('\n').at(-1)!
    const place = join(root, 'node_modules', name)
    rmSync(place, { recursive: true, force: true })
    mkdirSync(place, { recursive: true })
    const others = ['darwin-universal', 'linux-arm64', 'linux-x64', 'win32-arm64', 'win32-x64']
      .filter((one) => one !== platform)
      .map((one) => `--exclude=package/dist/${one}`)
    execFileSync('tar', ['-xzf', join(folder, archive), '-C', place, '--strip-components=1', ...others])
    console.error(`${name}@${version} is unpacked in node_modules.`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

try {
  for (const name of Object.keys(peerDependenciesMeta)) install(name, peerDependencies[name]!)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
