/** Prints the notices that the licences of bundled packages require: name, version and licence text of each. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Metafile } from 'esbuild'

const modules = fileURLToPath(new URL('../node_modules/', import.meta.url))

interface PackageDescription {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly homepage?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

/**
 * Returns the packages whose code is in the outputs of a build, by their folders in `node_modules`: `yaml`, or
 * `one/node_modules/other`. Packages that were dropped as unused do not count.
 */
export function bundledPackages({ outputs }: Metafile): string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs))
  const names = inputs.flatMap(([path, { bytesInOutput }]) => {
    const name = /^.*?node_modules\/((?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]
    return name === undefined || bytesInOutput === 0 ? [] : [name]
  })
  return [...new Set(names)].toSorted()
}

/** Packages that publish one file, in which their dependencies are bundled. */
const withBundledDependencies: ReadonlySet<string> = new Set(['@dagrejs/dagre', '@ts-morph/common'])

/** Where the licence text of packages is that have no file of their own for it. */
const textsElsewhere: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    // TypeScript has the same licence, the Apache License 2.0.
    ['core', 'layers', 'backend-cpu', 'backend-wasm', 'backend-webgpu'].map((name) => [
      `@tensorflow/tfjs-${name}`,
      'typescript/LICENSE',
    ]),
  ),
  seedrandom: 'seedrandom/README.md',
}

/**
 * Prints the notices of packages, and of the packages in their files.
 *
 * @throws Error if a package has no licence text.
 */
export function printNotices(packages: readonly string[]): string {
  const all = packages.flatMap((name) => {
    const isBundle = withBundledDependencies.has(name)
    return [name, ...(isBundle ? Object.keys(describePackage(name).dependencies ?? {}) : [])]
  })
  const notices = [...new Set(all)].toSorted().map((name) => printNotice(name))
  return notices.join(`\n${'-'.repeat(80)}\n\n`)
}

function printNotice(path: string): string {
  const { name, version, license } = describePackage(path)
  const folder = `${modules}${path}/`
  const own = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)(-mit)?(\.(md|txt))?$/i.test(file))
  const elsewhere = textsElsewhere[name]
  const texts = elsewhere === undefined ? own.toSorted().map((file) => folder + file) : [modules + elsewhere]
  if (texts.length === 0) throw new Error(`the package ${name} has no licence text`)
  const contents = texts.map((file) => readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim())
  return `${name} ${version} (${license ?? 'see below'}), https://www.npmjs.com/package/${name}\n\n${contents.join('\n\n')}\n`
}

function describePackage(path: string): PackageDescription {
  return JSON.parse(readFileSync(`${modules}${path}/package.json`, 'utf8')) as PackageDescription
}
