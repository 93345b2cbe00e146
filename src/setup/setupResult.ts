import type { NativeSource } from './nativeCache.ts'

/** What `setupNative` did. */
export interface SetupResult {
  /** What was done. `relinked`: from libraries that the cache held already. */
  readonly action: 'none' | 'relinked' | 'installed' | 'removed'
  /** One sentence for a person. */
  readonly message: string
  /** The version of libtensorflow that now works; undefined after a removal. */
  readonly libtensorflow?: string
  readonly source?: NativeSource
  /** Whether the addon was compiled in this run, came with the official install, or from the cache. */
  readonly addonFrom?: 'compiled' | 'official' | 'cache'
  /** The addon's file. */
  readonly addon?: string
  /** The folder of libraries in the cache. */
  readonly libraries?: string
}
