/** Finds modules and folders of this package, in its sources or in its published form, and starts threads that run a module. */
import { existsSync } from 'node:fs'
import { type Transferable, Worker } from 'node:worker_threads'

/**
 * @param entry The URL of the module.
 * @param workerData What it reads as `workerData`.
 */
export function startModuleThread(entry: string, workerData: unknown, transferList: Transferable[] = []): Worker {
  return new Worker(`const entry = ${JSON.stringify(entry)}\n${importEntry}`, { eval: true, workerData, transferList })
}

/**
 * Returns the URL of the first of these places that exists.
 *
 * @throws Error if none does, since the package is incomplete.
 */
export function findModule(places: readonly URL[]): string {
  const found = places.find((place) => existsSync(place))
  if (!found) throw new Error(`${places.at(-1)!.pathname} is missing from the installed package: reinstall shapewright`)
  return found.href
}

/**
 * The code that a thread runs first. If the module is TypeScript and Node cannot load it, it registers tsx first, which
 * registers itself in the main thread only: the tsx that runs this process, else the one that the module resolves.
 */
const importEntry = `
const { createRequire } = require('node:module')
const { pathToFileURL } = require('node:url')

async function start() {
  if (entry.endsWith('.ts') && !process.features.typescript) {
    const running = process.execArgv.find((option) => /tsx.*loader\\.mjs$/.test(option))
    const loader = running ?? pathToFileURL(createRequire(entry).resolve('tsx'))
    const { register } = await import(new URL('esm/api/index.mjs', loader).href)
    register()
  }
  await import(entry)
}

start().catch((error) => setImmediate(() => { throw error }))
`
