import { lstat, rm, rmdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { removeFolder } from './nativeCache.ts'
import type { SetupResult } from './setupResult.ts'
import { readDeps, type TfjsNode } from './tfjsNode.ts'

/**
 * Removes the addon, the link and the cache. Keeps libraries that tfjs-node's own install put into the package, where `deps`
 * is a folder instead of a link.
 */
export async function removeNative(module: TfjsNode | undefined, native: string): Promise<SetupResult> {
  const deps = module === undefined ? undefined : await readDeps(module)
  const hasCache = await lstat(native).then(
    () => true,
    () => false,
  )
  await removeFolder(native)
  if (module !== undefined && deps?.kind === 'folder') {
    return {
      action: hasCache ? 'removed' : 'none',
      message: `The native part in ${module.folder} was installed by tfjs-node itself and was not removed.`,
    }
  }
  if (module !== undefined && deps?.kind === 'link') {
    await rm(dirname(module.addon), { recursive: true, force: true })
    await rm(module.deps, { force: true })
    // We also created `lib`; it is removed unless it contains the addon of another Node-API version.
    await rmdir(dirname(dirname(module.addon))).catch(() => undefined)
  }
  if (!hasCache && deps?.kind !== 'link') return { action: 'none', message: 'There is no native part to remove.' }
  return { action: 'removed', message: 'Removed the native part of tfjs-node and its cache.' }
}
