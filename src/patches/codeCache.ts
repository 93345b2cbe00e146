/**
 * Caches the compiled code of large modules for `require` of Node 20, as Node 22 does itself: parsing is a fifth of the
 * time of a `check`, and a larger part of the time to a first training step.
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

/** The smallest module that is cached, in characters. For smaller ones, finding the file takes longer than parsing. */
const smallest = 50_000

/** A CommonJS module of Node with its `_compile`, which Node's types do not declare. */
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
 * Turns on the cache for modules that this thread loads from now on. V8 does not verify cached code, so a file of the cache
 * is used only if its checksum is right and no other user can have written it. Only the main thread `writes` files.
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
  // On exit, the cached code also contains the functions that were compiled lazily. A lost cache only costs time.
  if (writes) process.once('exit', () => fresh.forEach(writeCode))
}

/** Creates the folder if necessary. Returns whether it exists and no other user can write files into it. */
function makeFolder(folder: string): boolean {
  try {
    createFolder(dirname(folder))
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
    return isOurs(statSync(folder))
  } catch {
    return false
  }
}

/** Whether this user owns the file and not everybody may write it; always true on Windows, which has no such modes. */
function isOurs({ uid, mode }: Stats): boolean {
  const user = process.getuid?.()
  return user === undefined || (uid === user && (mode & 0o002) === 0)
}

interface CompiledCode {
  readonly file: string
  /** Everything that the code depends on, as a text. */
  readonly state: string
  readonly script: Script
  /** Whether the cache has no usable code for the module. */
  readonly isFresh: boolean
}

/** Returns undefined if the content is not CommonJS: Node then reports why, or loads it as an ES module. */
function compileFromCache(content: string, filename: string, folder: string): CompiledCode | undefined {
  const place = [filename, process.version, process.arch].join('\n')
  const file = join(folder, `${basename(filename)}-${crc32(place).toString(16)}.bin`)
  // V8 itself compares the length of the source and the flags of the compilation.
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

/** The size of the checksum before the code in a file. It detects damage, as in Node 22; `isOurs` refuses files of others. */
const checksumBytes = 4

function checksumOf(state: string, code: Uint8Array): Buffer {
  const bytes = Buffer.alloc(checksumBytes)
  bytes.writeUInt32LE(crc32(code, crc32(state)))
  return bytes
}

/** The largest file of the cache, in bytes; a larger one cannot be ours. */
const largest = 64 * 1024 * 1024

/** Returns undefined if there is no trustworthy code. */
function readCode(file: string, state: string): Buffer | undefined {
  let handle: number | undefined
  try {
    // These flags do not wait for a pipe of that name, and refuse a link.
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

/** Writes the code under another name first, so no reader gets half of it. */
function writeCode({ file, state, script }: CompiledCode): void {
  const temporary = `${file}.${process.pid}-${Math.random().toString(36).slice(2)}`
  try {
    const code = script.createCachedData()
    writeFileSync(temporary, Buffer.concat([checksumOf(state, code), code]), { mode: 0o600, flag: 'wx' })
    renameSync(temporary, file)
  } catch {
    // A full disk, or a folder of that name: the next start has no cache.
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
