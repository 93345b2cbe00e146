/** Prints the notices that the licences of bundled packages require: name, version and licence text of each. */
import { readdirSync, readFileSync, existsSync } from 'node:fs'
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

/** Returns the names of the packages whose code is in the outputs of a build. Packages that were dropped as unused do not count. */
export function bundledPackages({ outputs }: Metafile): string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs))
  const names = inputs.flatMap(([path, { bytesInOutput }]) => {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]
    return name === undefined || bytesInOutput === 0 ? [] : [name]
  })
  return [...new Set(names)].toSorted()
}

/**
 * Prints the notices of packages and of their dependencies, which some packages bundle in the file they publish.
 *
 * @throws Error if a package has no licence text.
 */
export function printNotices(packages: readonly string[]): string {
  const all = [...withDependencies(packages)].toSorted()
  return all.map((name) => printNotice(name)).join(`\n${'-'.repeat(80)}\n\n`)
}

function withDependencies(packages: readonly string[]): Set<string> {
  const all = new Set(packages)
  for (const name of all) {
    for (const dependency of Object.keys(describePackage(name).dependencies ?? {})) {
      if (existsSync(`${modules}${dependency}`)) all.add(dependency)
    }
  }
  return all
}

function printNotice(name: string): string {
  const { version, license } = describePackage(name)
  const folder = `${modules}${name}/`
  const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)(\.(md|txt))?$/i.test(file))
  if (texts.length === 0) throw new Error(`the package ${name} has no licence text`)
  const contents = texts
    .toSorted()
    .map((file) => readFileSync(`${folder}${file}`, 'utf8').replaceAll('\r\n', '\n').trim())
  return `${name} ${version} (${license ?? 'see below'}), https://www.npmjs.com/package/${name}\n\n${contents.join('\n\n')}\n`
}

function describePackage(name: string): PackageDescription {
  return JSON.parse(readFileSync(`${modules}${name}/package.json`, 'utf8')) as PackageDescription
}
