import type { NativeSource } from './nativeCache.ts'

/** The result of `setupNative`. */
export interface SetupResult {
  /** The action that was taken. `relinked`: the libraries were already in the cache. */
  readonly action: 'none' | 'relinked' | 'installed' | 'removed'
  /** One sentence for the user. */
  readonly message: string
  /** The installed version of libtensorflow; undefined after a removal. */
  readonly libtensorflow?: string
  readonly source?: NativeSource
  /** Whether the addon was compiled in this run, or came from the official install or the cache. */
  readonly addonFrom?: 'compiled' | 'official' | 'cache'
  /** The path of the addon. */
  readonly addon?: string
  /** The folder of libraries in the cache. */
  readonly libraries?: string
}
