/**
 * Starts with what V8 compiled of large modules last time: a quarter of the time of a `check` goes into parsing otherwise,
 * and more of that to a first training step. Node 22 has such a cache of its own; for Node 20 this keeps one in the
 * user's cache folder.
 */
import { createHash } from 'node:crypto'
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import module from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { constants, Script } from 'node:vm'
import { isMainThread } from 'node:worker_threads'
import { createFolder } from './runtime/createFolder.ts'

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

/** From now on, in this thread. */
export function keepCompiledCode(): void {
  const { enableCompileCache } = module as { enableCompileCache?: () => unknown }
  if (enableCompileCache !== undefined) {
    enableCompileCache()
    return
  }
  const folder = cacheFolder()
  const fresh = new Map<string, Script>()
  const prototype = module.prototype as unknown as CompilingModule
  // oxlint-disable-next-line no-underscore-dangle
  const compileWithout = prototype._compile
  // oxlint-disable-next-line no-underscore-dangle
  prototype._compile = function compileWithCache(content, filename, format) {
    const compiled =
      content.length < smallest || format === 'module' ? undefined : compileFromCache(content, filename, folder)
    if (compiled === undefined) return compileWithout.call(this, content, filename, format)
    if (compiled.isFresh) fresh.set(compiled.file, compiled.script)
    const run = compiled.script.runInThisContext() as WrappedModule
    return run.call(this.exports, this.exports, module.createRequire(filename), this, filename, dirname(filename))
  }
  // At the end, so that it holds what was compiled on the way. Without it the next start is slower, no more.
  const keepAll = () => {
    for (const [file, script] of fresh) keep(file, script.createCachedData())
  }
  if (isMainThread) process.once('exit', keepAll)
}

function cacheFolder(): string {
  const root =
    process.env['SHAPEWRIGHT_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'shapewright')
  return join(root, 'code')
}

interface CompiledCode {
  readonly file: string
  readonly script: Script
  /** Whether there is nothing of it in the cache. */
  readonly isFresh: boolean
}

/** Undefined where that is no CommonJS: Node says why, or reads it as the other kind of module. */
function compileFromCache(content: string, filename: string, folder: string): CompiledCode | undefined {
  const { size, mtimeMs } = statSync(filename)
  const state = [filename, size, mtimeMs, process.version, process.arch].join('\n')
  const file = join(folder, `${createHash('sha256').update(state).digest('hex').slice(0, 32)}.bin`)
  const cachedData = readIfThere(file)
  try {
    const script = new Script(module.wrap(content), {
      filename,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      ...(cachedData && { cachedData }),
    })
    return { file, script, isFresh: cachedData === undefined || script.cachedDataRejected === true }
  } catch {
    return undefined
  }
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

function keep(file: string, data: Buffer): void {
  try {
    createFolder(dirname(file))
    writeFileSync(`${file}.${process.pid}`, data)
    renameSync(`${file}.${process.pid}`, file)
  } catch {
    // A folder that cannot be written.
  }
}
