/** The globals of Node.js that the code of the workers uses. esbuild injects them where they are named. */
import { Buffer as BufferOfPackage } from 'buffer/'
import * as fs from './fs.ts'
import { workingFolder } from './workingFolder.ts'
import * as zlib from './zlib.ts'

export const Buffer = BufferOfPackage

const builtins: Readonly<Record<string, unknown>> = { 'node:fs': fs, 'node:zlib': zlib }
const noop = () => undefined

export const process = {
  // TypeScript in ts-morph would otherwise take this for Node.js.
  browser: true,
  env: {} as Record<string, string | undefined>,
  pid: 1,
  platform: 'browser',
  arch: 'wasm32',
  version: '',
  versions: {},
  argv: [],
  execArgv: [],
  features: {},
  cwd: () => workingFolder,
  on: noop,
  off: noop,
  once: noop,
  listeners: () => [],
  removeListener: noop,
  emitWarning: noop,
  getBuiltinModule: (name: string) => builtins[name],
  // Browsers do not state a limit. An allocation beyond it fails.
  constrainedMemory: () => 0,
  memoryUsage: () => ({ rss: 0, heapUsed: 0 }),
  hrtime: { bigint: () => BigInt(Math.round(performance.now() * 1e6)) },
  nextTick: (callback: () => void) => queueMicrotask(callback),
  stderr: { isTTY: false, write: noop },
  stdout: { isTTY: false, write: noop },
}

const channel = new MessageChannel()
const callbacks: (() => void)[] = []
channel.port1.addEventListener('message', () => callbacks.shift()?.())
channel.port1.start()

/** Calls a function in the next turn of the event loop, without the 4 ms that a nested `setTimeout` takes. */
export function setImmediate(callback: () => void): void {
  callbacks.push(callback)
  channel.port2.postMessage(0)
}
