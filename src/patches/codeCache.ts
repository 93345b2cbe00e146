/**
 * Caches the compiled code of large modules for `require` of Node 20, as Node 22 does itself: parsing is a fifth of the
 * time of a `check`, and a larger part of the time to a first training step.
 *
 * Upstream: none; `module.enableCompileCache` came with Node 22.1
 * Test: test/patches/codeCache.test.ts
 * Until: Node 20 is no longer supported
 */
import { isAscii } from 'node:buffer'
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
interface CompilingModule extends NodeJS.Module {
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
 *
 * @returns A function that loads a bundle.
 */
export function keepCompiledCode({ writes }: { readonly writes: boolean }): LoadBundle {
  const folder = join(cacheRoot(), 'code')
  const loadWithout: LoadBundle = (filename) => void module.createRequire(filename)(filename)
  if (process.env['NODE_DISABLE_COMPILE_CACHE'] || !makeFolder(folder)) return loadWithout
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown }
  if (enableCompileCache !== undefined) {
    enableCompileCache(folder)
    return loadWithout
  }
  const improvable: CompiledCode[] = []
  const prototype = module.prototype as unknown as CompilingModule
  // oxlint-disable-next-line no-underscore-dangle
  const compileWithout = prototype._compile
  // oxlint-disable-next-line no-underscore-dangle
  prototype._compile = function compileWithCache(content, filename, format) {
    const compiled =
      content.length < smallest || format === 'module'
        ? undefined
        : compileFromCache({ content, sum: crc32(content), filename, folder })
    if (compiled === undefined) return compileWithout.call(this, content, filename, format)
    if (compiled.stored !== 'complete') improvable.push(compiled)
    return runCompiled(this, compiled, filename)
  }
  // On exit, the cached code also contains the functions that were compiled lazily. A lost cache only costs time.
  if (writes) {
    process.once('exit', (exitCode) => {
      for (const one of improvable) if (one.stored === 'nothing' || exitCode === 0) writeCode(one, exitCode === 0)
    })
  }
  return (filename, use) => {
    const bytes = readFileSync(filename)
    // Node decodes UTF-8 ten times slower.
    const content = isAscii(bytes) ? bytes.toString('latin1') : bytes.toString()
    const compiled = compileFromCache({ content, sum: crc32(bytes), filename, folder, use })
    if (compiled === undefined) return loadWithout(filename, use)
    if (compiled.stored !== 'complete') improvable.push(compiled)
    runCompiled(new module(filename) as CompilingModule, compiled, filename)
  }
}

/**
 * Loads a bundle of CommonJS.
 *
 * @param use What it is loaded for. The code of each use is in a file of its own, with only the functions that it calls.
 */
type LoadBundle = (filename: string, use: string) => void

function runCompiled(self: CompilingModule, { script }: CompiledCode, filename: string): unknown {
  const run = script.runInThisContext() as WrappedModule
  return run.call(self.exports, self.exports, module.createRequire(filename), self, filename, dirname(filename))
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
  readonly stored: Stored
}

/** What the cache has of a module: `partial` is code of a command that failed, so it may lack most functions. */
type Stored = 'nothing' | 'partial' | 'complete'

interface ModuleText {
  readonly content: string
  /** The checksum of the content. */
  readonly sum: number
  readonly filename: string
  /** The folder of the cache. */
  readonly folder: string
  readonly use?: string
}

/** Returns undefined if the content is not CommonJS: Node then reports why, or loads it as an ES module. */
function compileFromCache({ content, sum, filename, folder, use = '' }: ModuleText): CompiledCode | undefined {
  const place = [filename, use, process.version, process.arch].join('\n')
  const file = join(folder, `${basename(filename)}-${crc32(place).toString(16)}.bin`)
  // V8 itself compares the length of the source and the flags of the compilation.
  const state = [version, place, sum].join('\n')
  const { code: cachedData, stored } = readCode(file, state)
  try {
    const script = new Script(module.wrap(content), {
      filename,
      importModuleDynamically: vmConstants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      ...(cachedData && { cachedData }),
    })
    return { file, state, script, stored: script.cachedDataRejected === true ? 'nothing' : stored }
  } catch {
    return undefined
  }
}

/** The size of the head of a file. V8 would copy code that is not aligned to 8 bytes. */
const headBytes = 8

/** A checksum, and whether the code is complete. It detects damage, as in Node 22; `isOurs` refuses files of others. */
function headOf(state: string, code: Uint8Array, isComplete: boolean): Buffer {
  const bytes = Buffer.alloc(headBytes)
  bytes.writeUInt32LE(crc32(code, crc32(state)))
  bytes.writeUInt32LE(isComplete ? 1 : 0, 4)
  return bytes
}

/** The largest file of the cache, in bytes; a larger one cannot be ours. */
const largest = 64 * 1024 * 1024

/** Reads the code if it is trustworthy. */
function readCode(file: string, state: string): { readonly code?: Buffer; readonly stored: Stored } {
  let handle: number | undefined
  try {
    // These flags do not wait for a pipe of that name, and refuse a link.
    handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    const found = fstatSync(handle)
    if (!found.isFile() || !isOurs(found) || found.size > largest) return { stored: 'nothing' }
    const bytes = readFileSync(handle)
    const [head, code] = [bytes.subarray(0, headBytes), bytes.subarray(headBytes)]
    if (headOf(state, code, true).equals(head)) return { code, stored: 'complete' }
    return headOf(state, code, false).equals(head) ? { code, stored: 'partial' } : { stored: 'nothing' }
  } catch {
    return { stored: 'nothing' }
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}

/** Writes the code under another name first, so no reader gets half of it. */
function writeCode({ file, state, script }: CompiledCode, isComplete: boolean): void {
  const temporary = `${file}.${process.pid}-${Math.random().toString(36).slice(2)}`
  try {
    const code = script.createCachedData()
    writeFileSync(temporary, Buffer.concat([headOf(state, code, isComplete), code]), { mode: 0o600, flag: 'wx' })
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
