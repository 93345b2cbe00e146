import { stat } from 'node:fs/promises'
import { buildTools, downloadTools, findTools, missingTools, type MissingTool, type Tools } from './findTools.ts'
import {
  freeSpace,
  listCachedLibraries,
  nativeCacheFolder,
  readLibraries,
  type CachedLibraries,
  type NativeSource,
} from './nativeCache.ts'
import { pinnedWheel } from './pinnedWheels.ts'
import { probeAddon } from './probeAddon.ts'
import { platformProblem } from './supportedPlatform.ts'
import { findTfjsNode, readDeps } from './tfjsNode.ts'

/** The state of the native part, and what setting it up would take. Plain data. */
export interface NativeReport {
  /** Whether it loads; `problem` says why not. */
  readonly works: boolean
  readonly problem?: string
  /** The version of libtensorflow that it loads. */
  readonly libtensorflow?: string
  readonly source?: NativeSource
  /** The package, if it is installed. */
  readonly module?: { readonly folder: string; readonly version: string }
  readonly addon?: { readonly path: string; readonly present: boolean }
  /** What the cache holds, so that a set-up takes seconds. */
  readonly cache: { readonly folder: string; readonly libraries: readonly CachedLibraries[] }
  readonly tools: Tools
  /** What a set-up from here would miss. Empty where it works. */
  readonly missing: readonly MissingTool[]
  /** Bytes. */
  readonly disk: { readonly free: number; readonly needed: number }
  /** The one command that makes it work; undefined where it works or cannot. */
  readonly fix?: string
}

/** Looks at everything and changes nothing. Loads the addon in a child process, so it takes about a second. */
export async function inspectNative(
  options: { readonly cacheFolder?: string; readonly moduleFolder?: string; readonly signal?: AbortSignal } = {},
): Promise<NativeReport> {
  const { signal } = options
  const folder = nativeCacheFolder(options.cacheFolder)
  const module = await findTfjsNode(options.moduleFolder)
  const [tools, libraries, free, probe] = await Promise.all([
    findTools(signal),
    listCachedLibraries(folder),
    freeSpace(folder),
    module === undefined ? undefined : probeAddon(module.addon, signal),
  ])
  const deps = module === undefined ? undefined : await readDeps(module)
  const used = deps?.kind === 'link' ? await readLibraries(deps.target) : undefined
  const works = probe?.works === true
  const wheel = pinnedWheel()
  const platform = platformProblem()
  const missing = works
    ? []
    : await missingTools(tools, libraries.length > 0 ? buildTools : [...buildTools, ...downloadTools])
  const needed = works || libraries.length > 0 || wheel === undefined ? 0 : wheel.bytes + wheel.unpackedBytes
  const problem =
    platform ??
    (module === undefined ? 'the package @tensorflow/tfjs-node is not installed' : undefined) ??
    (probe?.works === false ? probe.problem : undefined)
  return {
    works,
    ...(!works && problem !== undefined && { problem }),
    ...(probe?.works === true && { libtensorflow: probe.version, source: used?.source ?? 'unknown' }),
    ...(module !== undefined && {
      module: { folder: module.folder, version: module.version },
      addon: { path: module.addon, present: await isThere(module.addon) },
    }),
    cache: { folder, libraries },
    tools,
    missing,
    disk: { free, needed },
    ...(!works && platform === undefined && { fix: fixCommand(module !== undefined, missing) }),
  }
}

function fixCommand(hasModule: boolean, missing: readonly MissingTool[]): string {
  const first = missing.map(({ command }) => command)
  if (!hasModule) first.unshift('npm install --ignore-scripts @tensorflow/tfjs-node@4.22.0')
  return [...new Set(first), 'shapewright setup native'].join(' && ')
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
