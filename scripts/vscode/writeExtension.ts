/**
 * Writes the package of the extension for VS Code, a zip file with two descriptions that VS Code and its marketplace read. yazl
 * writes it, as it writes other archives here: the tool `vsce` has 200 dependencies, and packs the same files.
 */
import { createWriteStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { build, type BuildOptions } from 'esbuild'
import { ZipFile } from 'yazl'
import { bundledPackages, printNotices } from '../thirdPartyNotices.ts'
import { yamlInModules } from '../yamlInModules.ts'
import { contentTypes, printManifest, type ExtensionDescription } from './manifest.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const source = join(root, 'editors', 'vscode')

/** Returns the path of the file in the folder. */
export async function writeExtension(folder: string): Promise<string> {
  const description = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as ExtensionDescription
  const { scripts, packages } = await bundle()
  const files: Readonly<Record<string, string | Uint8Array>> = {
    '[Content_Types].xml': contentTypes,
    'extension.vsixmanifest': printManifest(description),
    ...scripts,
    'extension/package.json': readFileSync(join(source, 'package.json')),
    'extension/README.md': readFileSync(join(source, 'README.md')),
    'extension/LICENSE.txt': readFileSync(join(root, 'LICENSE')),
    'extension/icon.png': readFileSync(join(source, 'icon.png')),
    'extension/THIRD_PARTY_NOTICES.txt': `Code of these packages is in the files of dist/.\n\n${printNotices(packages)}`,
  }
  const zip = new ZipFile()
  // The same sources make the same file.
  const mtime = new Date('2020-01-01T00:00:00Z')
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name, { mtime })
  zip.end()
  const file = join(folder, `${description.name}-${description.version}.vsix`)
  await pipeline(zip.outputStream, createWriteStream(file))
  return file
}

/** Bundles the extension and its server. */
async function bundle(): Promise<{ scripts: Record<string, Uint8Array>; packages: readonly string[] }> {
  const options: BuildOptions = {
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['vscode'],
    minify: true,
    metafile: true,
    write: false,
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [yamlInModules],
  }
  const [scripts, packages] = [{} as Record<string, Uint8Array>, new Set<string>()]
  for (const name of ['extension', 'server']) {
    const { outputFiles, metafile } = await build({
      ...options,
      entryPoints: [join(source, 'src', `${name}.ts`)],
      outfile: `${name}.cjs`,
    })
    scripts[`extension/dist/${name}.cjs`] = outputFiles![0]!.contents
    for (const one of bundledPackages(metafile!)) packages.add(one)
  }
  return { scripts, packages: [...packages] }
}
