/**
 * Builds the native part of tfjs-node for `shapewright setup native`, from the first source of libtensorflow that works.
 *
 *   already works ─▶ done
 *   libraries in the cache │ --from │ tfjs-node's own install │ wheel from PyPI ─▶ libraries in the cache
 *   addon in the cache │ compiled ─▶ a staged addon that loads ─▶ into node_modules
 *
 * All work happens in a temporary folder of the cache; finished folders are moved to their place by renames. A run that is
 * interrupted or killed leaves the previous state, and the next run deletes its temporary files.
 */
import { copyFile, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { KnownError } from '../system/knownError.ts'
import { buildAddon, stageModule } from './buildAddon.ts'
import { fetchLibraries, librariesFrom, officialLibraries } from './fetchLibraries.ts'
import { buildTools, findTools, missingTools, missingToolsError } from './findTools.ts'
import * as cache from './nativeCache.ts'
import { probeAddon } from './probeAddon.ts'
import { recognizeSource } from './readFolder.ts'
import { removeNative } from './removeNative.ts'
import { asSetupError, throwIfInterrupted } from './setupError.ts'
import type { SetupResult } from './setupResult.ts'
import { silentProgress, type SetupProgress } from './setupProgress.ts'
import { requirePlatform } from './supportedPlatform.ts'
import { cleanModule, findTfjsNode, installAddon, noModuleError, readDeps, type TfjsNode } from './tfjsNode.ts'
import { createFolder } from '../system/createFolder.ts'

export interface SetupOptions {
  /** A wheel, or a folder that contains libtensorflow, to use instead of a download. */
  readonly from?: string
  /** Whether to remove the addon, the link and the cache instead. */
  readonly remove?: boolean
  /** Whether to build the addon again even if the native part works. */
  readonly force?: boolean
  /** The cache folder; overrides `$SHAPEWRIGHT_CACHE` and the user's cache folder. */
  readonly cacheFolder?: string
  /** The folder of `@tensorflow/tfjs-node`; by default the package that Shapewright loads. */
  readonly moduleFolder?: string
  readonly signal?: AbortSignal
}

/**
 * Installs the native part of tfjs-node, or removes it.
 *
 * @throws KnownError with the commands that fix it; nothing is changed then.
 */
export async function setupNative(
  options: SetupOptions = {},
  progress: SetupProgress = silentProgress,
): Promise<SetupResult> {
  const { signal } = options
  if (options.remove === true && (options.from !== undefined || options.force === true))
    throw new KnownError(
      'usage',
      '--remove builds nothing, so --from and --force do not apply',
      'to build it again, use --force without --remove',
    )
  try {
    throwIfInterrupted(signal)
    const module = await findTfjsNode(options.moduleFolder)
    const native = cache.nativeCacheFolder(options.cacheFolder)
    await cache.cleanLeftovers(native)
    if (module !== undefined) await cleanModule(module)
    if (options.remove === true) return await removeNative(module, native)

    if (module === undefined) throw noModuleError(options.moduleFolder)
    requirePlatform()
    const working = options.force === true ? undefined : await checkInstalled(module, native, options)
    if (working !== undefined) return working

    const temporary = await cache.makeTemporaryFolder(native)
    try {
      return await install(module, native, temporary, options, progress)
    } finally {
      await cache.removeFolder(temporary)
    }
  } catch (error) {
    throw asSetupError(error, signal)
  }
}

/** Returns the result if the native part already works; undefined if it must be installed, or `--from` has another version. */
async function checkInstalled(
  module: TfjsNode,
  native: string,
  { from, signal }: SetupOptions,
): Promise<SetupResult | undefined> {
  const probe = await probeAddon(module.addon, signal)
  if (!probe.works) return undefined
  const deps = await readDeps(module)
  const used = deps.kind === 'link' ? await cache.readLibraries(deps.target) : undefined
  if (from !== undefined) {
    const given = await librariesFrom(await recognizeSource(from), (parts) => Promise.resolve(parts.version))
    if (given !== probe.version) return undefined
  } else if (used !== undefined && dirname(used.folder) !== native) {
    // It is linked to another cache than the requested one: install it from this cache.
    return undefined
  }
  return {
    action: 'none',
    message: `The native part of tfjs-node already works, with libtensorflow ${probe.version}.`,
    libtensorflow: probe.version,
    source: used?.source ?? 'unknown',
    addon: module.addon,
    ...(used !== undefined && { libraries: used.folder }),
  }
}

async function install(
  module: TfjsNode,
  native: string,
  temporary: string,
  options: SetupOptions,
  progress: SetupProgress,
): Promise<SetupResult> {
  const { from, signal } = options
  const cached = from === undefined ? (await cache.listCachedLibraries(native))[0] : undefined
  if (cached !== undefined) {
    progress.step(`Linking libtensorflow ${cached.version} from the cache`)
    return await linkAddon(module, cached, temporary, 'relinked', options, progress)
  }

  const tools = await findTools(signal)
  const place = { module, native, temporary, tools, progress, signal }
  if (from === undefined) {
    const official = await officialLibraries(place)
    if (official !== undefined) return await linkAddon(module, official, temporary, 'installed', options, progress)
  }
  const libraries = await fetchLibraries(place, from)
  return await linkAddon(module, libraries, temporary, 'installed', options, progress)
}

/** Installs an addon that works with libraries in the cache, and compiles it if necessary. */
async function linkAddon(
  module: TfjsNode,
  libraries: cache.CachedLibraries,
  temporary: string,
  action: 'relinked' | 'installed',
  { force, signal }: SetupOptions,
  progress: SetupProgress,
): Promise<SetupResult> {
  const kept = cache.cachedAddonPath(libraries.folder, module.version, module.napi)
  let addonFrom: SetupResult['addonFrom'] = action === 'installed' ? 'official' : 'cache'
  const recompile = force === true && libraries.source !== 'official'
  if (recompile || !(await loads(kept, libraries, module, join(temporary, 'trial'), signal))) {
    await compile(module, libraries, kept, temporary, progress, signal)
    addonFrom = 'compiled'
  }
  throwIfInterrupted(signal)
  await installAddon(module, kept, libraries.folder)
  return {
    action,
    message: `The native part of tfjs-node now works, with libtensorflow ${libraries.version}.`,
    libtensorflow: libraries.version,
    source: libraries.source,
    addonFrom,
    addon: module.addon,
    libraries: libraries.folder,
  }
}

/** Whether a cached addon loads. It finds its libraries by relative paths, so it is tried in a folder like the package's. */
async function loads(
  addon: string,
  libraries: cache.CachedLibraries,
  module: TfjsNode,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const trial = join(folder, 'lib', `napi-v${module.napi}`, 'tfjs_binding.node')
  try {
    createFolder(dirname(trial))
    await copyFile(addon, trial)
    await symlink(libraries.folder, join(folder, 'deps'), 'junction')
  } catch {
    return false
  }
  return (await probeAddon(trial, signal)).works
}

async function compile(
  module: TfjsNode,
  libraries: cache.CachedLibraries,
  kept: string,
  temporary: string,
  progress: SetupProgress,
  signal: AbortSignal | undefined,
): Promise<void> {
  const tools = await findTools(signal)
  const missing = await missingTools(tools, buildTools)
  if (missing.length > 0) throw await missingToolsError(missing)
  progress.step('Compiling the addon of tfjs-node')
  const stage = join(temporary, 'stage')
  const addon = await stageModule(module, stage, libraries.folder)
  await buildAddon(module, stage, tools, progress, signal)
  const probe = await probeAddon(addon, signal)
  if (!probe.works) {
    throw new KnownError(
      'setup/load-failed',
      `The addon was compiled, but Node.js cannot load it: ${probe.problem}.`,
      'Start over: run shapewright setup native --remove, then shapewright setup native. The wasm engine works without it.',
    )
  }
  throwIfInterrupted(signal)
  await cache.putInPlace(dirname(addon), dirname(kept), temporary)
}
