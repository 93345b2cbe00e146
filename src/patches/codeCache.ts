/**
 * Lets `require` of Node 20 start with what V8 compiled of large modules last time, as Node 22 can: parsing is a
 * fifth of the time of a `check`, and more of that to a first training step.
 *
 * Upstream: none; `module.enableCompileCache` came with Node 22.1
 * Test: test/patches/codeCache.test.ts
 * Until: Node 20 is no longer supported
 */
import {
  closeSync,
  existsSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  type Stats,
  writeFileSync,
} from 'node:fs'
import module from 'node:module'
import { basename, dirname, join } from 'node:path'
import { constants as vmConstants, Script } from 'node:vm'
import { crc32 } from 'node:zlib'
import { createFolder } from '../system/createFolder.ts'
import { cacheRoot } from '../system/cacheRoot.ts'
import { version } from '../system/version.ts'

/** In characters. Of smaller modules, looking for the file takes longer than parsing. */
const smallest = 50_000

/** Modules as Node keeps them; its types leave out what compiles them. */
interface CompilingModule {
  readonly exports: object
  _compile(this: CompilingModule, content: string, filename: string, format?: 'commonjs' | 'module'): unknown
}

type WrappedModule = (
  this: object,
  exports: object,
  require: NodeJS.Require,
  self: CompilingModule,
  filename: string,
  folder: string,
) => unknown

/**
 * From now on, in this thread. V8 runs what it is given without a check of its own, so a file of the cache is used only
 * where its checksum is right and nobody else can have written it. Only the main thread `writes` files.
 */
export function keepCompiledCode({ writes }: { readonly writes: boolean }): void {
  const folder = join(cacheRoot(), 'code')
  if (process.env['NODE_DISABLE_COMPILE_CACHE'] || !makeFolder(folder)) return
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown }
  if (enableCompileCache !== undefined) {
    enableCompileCache(folder)
    return
  }
  const fresh: CompiledCode[] = []
  const prototype = module.prototype as unknown as CompilingModule
  // oxlint-disable-next-line no-underscore-dangle
  const compileWithout = prototype._compile
  // oxlint-disable-next-line no-underscore-dangle
  prototype._compile = function compileWithCache(content, filename, format) {
    const compiled =
      content.length < smallest || format === 'module' ? undefined : compileFromCache(content, filename, folder)
    if (compiled === undefined) return compileWithout.call(this, content, filename, format)
    if (compiled.isFresh) fresh.push(compiled)
    const run = compiled.script.runInThisContext() as WrappedModule
    return run.call(this.exports, this.exports, module.createRequire(filename), this, filename, dirname(filename))
  }
  // At the end, so that it holds what was compiled on the way. Without it the next start is slower, no more.
  if (writes) process.once('exit', () => fresh.forEach(keep))
}

/** Whether the folder is there, and no other user can put files into it. */
function makeFolder(folder: string): boolean {
  try {
    createFolder(dirname(folder))
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
    return isOurs(statSync(folder))
  } catch {
    return false
  }
}

/** Whether this user owns it, and not everybody may write it. Windows keeps no such numbers. */
function isOurs({ uid, mode }: Stats): boolean {
  const user = process.getuid?.()
  return user === undefined || (uid === user && (mode & 0o002) === 0)
}

interface CompiledCode {
  readonly file: string
  /** What the code depends on. */
  readonly state: string
  readonly script: Script
  /** Whether there is nothing of it in the cache that can be used. */
  readonly isFresh: boolean
}

/** Undefined where that is no CommonJS: Node says why, or reads it as the other kind of module. */
function compileFromCache(content: string, filename: string, folder: string): CompiledCode | undefined {
  const place = [filename, process.version, process.arch].join('\n')
  const file = join(folder, `${basename(filename)}-${crc32(place).toString(16)}.bin`)
  // V8 itself compares the flags that it compiled with, and the length.
  const state = [version, place, crc32(content)].join('\n')
  const cachedData = readCode(file, state)
  try {
    const script = new Script(module.wrap(content), {
      filename,
      importModuleDynamically: vmConstants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      ...(cachedData && { cachedData }),
    })
    return { file, state, script, isFresh: cachedData === undefined || script.cachedDataRejected === true }
  } catch {
    return undefined
  }
}

/** A file holds the checksum, and then what V8 compiled. It detects damage, as that of Node 22 does; `isOurs` refuses the files of others. */
const checksumBytes = 4

function checksumOf(state: string, code: Uint8Array): Buffer {
  const bytes = Buffer.alloc(checksumBytes)
  bytes.writeUInt32LE(crc32(code, crc32(state)))
  return bytes
}

/** In bytes: more is no code of ours. */
const largest = 64 * 1024 * 1024

/** Undefined where there is none that can be trusted. */
function readCode(file: string, state: string): Buffer | undefined {
  let handle: number | undefined
  try {
    // A pipe of that name opens without waiting, and a link not at all.
    handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    const found = fstatSync(handle)
    if (!found.isFile() || !isOurs(found) || found.size > largest) return undefined
    const bytes = readFileSync(handle)
    const code = bytes.subarray(checksumBytes)
    return checksumOf(state, code).equals(bytes.subarray(0, checksumBytes)) ? code : undefined
  } catch {
    return undefined
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}

/** Writes the code under another name first, so that no reader sees half of it. */
function keep({ file, state, script }: CompiledCode): void {
  const temporary = `${file}.${process.pid}-${Math.random().toString(36).slice(2)}`
  try {
    const code = script.createCachedData()
    writeFileSync(temporary, Buffer.concat([checksumOf(state, code), code]), { mode: 0o600, flag: 'wx' })
    renameSync(temporary, file)
  } catch {
    // A full disk, or a folder of that name: the next start does without the cache.
    remove(temporary)
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // The folder is gone.
  }
}
