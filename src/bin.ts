#!/usr/bin/env node
/**
 * Starts the command line with what V8 compiled of it last time: a quarter of the time of a `check` goes into parsing
 * otherwise. Node 22 has such a cache of its own; for Node 20 this keeps one in the user's cache folder.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import module from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'

const main = join(__dirname, 'main.cjs')
const { enableCompileCache } = module as { enableCompileCache?: () => unknown }

if (enableCompileCache === undefined) runWithCodeCache()
else {
  enableCompileCache()
  require(main)
}

function runWithCodeCache(): void {
  const { size, mtimeMs } = statSync(main)
  const root =
    process.env['SHAPEWRIGHT_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'shapewright')
  const file = join(root, 'code', `${process.version}-${process.arch}-${size}-${Math.round(mtimeMs)}.bin`)
  const cachedData = readIfThere(file)
  const source = `(function (exports, require) {${readFileSync(main, 'utf8')}\n})`
  const script = new Script(source, {
    filename: main,
    ...(cachedData && { cachedData }),
  })
  const run = script.runInThisContext() as (...scope: unknown[]) => void
  run({}, module.createRequire(main))
  if (cachedData === undefined || script.cachedDataRejected === true) {
    // At the end, so that it holds what was compiled on the way. Without it the next start is slower, no more.
    process.once('exit', () => keep(file, script.createCachedData()))
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
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.${process.pid}`, data)
    renameSync(`${file}.${process.pid}`, file)
  } catch {
    // A folder that cannot be written.
  }
}
