import { randomBytes } from 'node:crypto'
import { copyFile, lstat, readdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { KnownError } from '../system/knownError.ts'
import { createFolder } from '../system/createFolder.ts'

/** The installed package `@tensorflow/tfjs-node`, with or without its native part. */
export interface TfjsNode {
  readonly folder: string
  readonly version: string
  /** The Node-API version of its addon. */
  readonly napi: number
  /** The path of its addon, which may be missing. */
  readonly addon: string
  /** The path of its libraries, `deps/`: a link to our cache, or a folder. */
  readonly deps: string
  /** The host of its own install script. */
  readonly officialHost: string | undefined
}

interface PackageJson {
  readonly version: string
  readonly binary?: { readonly host?: string; readonly napi_versions?: readonly number[] }
}

/** Finds the package in the given folder, or the one that Shapewright itself loads. Undefined if it is not installed. */
export async function findTfjsNode(moduleFolder?: string): Promise<TfjsNode | undefined> {
  let folder: string
  let manifest: PackageJson
  try {
    folder = moduleFolder === undefined ? resolveModule() : resolve(moduleFolder)
    manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageJson
  } catch {
    return undefined
  }
  const ours = Number(process.versions['napi'] ?? '8')
  const napi = Math.max(...(manifest.binary?.napi_versions ?? [8]).filter((version) => version <= ours))
  return {
    folder,
    version: manifest.version,
    napi,
    addon: join(folder, 'lib', `napi-v${napi}`, 'tfjs_binding.node'),
    deps: join(folder, 'deps'),
    officialHost: manifest.binary?.host,
  }
}

function resolveModule(): string {
  return dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json'))
}

export function noModuleError(moduleFolder: string | undefined): KnownError {
  return new KnownError(
    'setup/no-module',
    moduleFolder === undefined
      ? 'The package @tensorflow/tfjs-node is not installed.'
      : `There is no @tensorflow/tfjs-node in ${moduleFolder}.`,
    'Run: npm install --ignore-scripts @tensorflow/tfjs-node@4.22.0',
  )
}

/** The state of the path `deps` of the package; for a link, with its target. */
export type DepsState =
  { readonly kind: 'absent' } | { readonly kind: 'link'; readonly target: string } | { readonly kind: 'folder' }

export async function readDeps({ deps }: TfjsNode): Promise<DepsState> {
  const found = await lstat(deps).catch(() => undefined)
  if (found === undefined) return { kind: 'absent' }
  if (!found.isSymbolicLink()) return { kind: 'folder' }
  return { kind: 'link', target: resolve(dirname(deps), await readlink(deps)) }
}

/**
 * Puts the addon and the link to the libraries into the package, each by one rename. An existing folder `deps` is renamed, and
 * deleted only after the new link is in place.
 */
export async function installAddon(module: TfjsNode, addon: string, libraries: string): Promise<void> {
  const mark = randomBytes(4).toString('hex')
  const newAddon = join(dirname(module.addon), `.tfjs_binding.${mark}.tmp`)
  const newDeps = join(module.folder, `.deps-new-${mark}`)
  try {
    createFolder(dirname(module.addon))
    await copyFile(addon, newAddon)
    await symlink(libraries, newDeps, 'junction')
    if ((await readDeps(module)).kind === 'folder') await rename(module.deps, join(module.folder, `.deps-old-${mark}`))
    await rename(newDeps, module.deps)
    await rename(newAddon, module.addon)
  } finally {
    await rm(newAddon, { force: true })
    await cleanModule(module)
  }
}

/** Repairs the package after a run that was killed during `installAddon`. */
export async function cleanModule(module: TfjsNode): Promise<void> {
  for (const name of await readdir(module.folder)) {
    const path = join(module.folder, name)
    if (name.startsWith('.deps-old-') && (await readDeps(module)).kind === 'absent') await rename(path, module.deps)
    else if (/^\.deps-(?:old|new)-/.test(name)) await rm(path, { recursive: true, force: true })
  }
  for (const name of await readdir(dirname(module.addon)).catch(() => [])) {
    if (/^\.tfjs_binding\..+\.tmp$/.test(name)) await rm(join(dirname(module.addon), name), { force: true })
  }
}
