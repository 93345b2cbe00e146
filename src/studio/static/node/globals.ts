/** The globals of Node.js that the code of the workers uses. esbuild injects them where they are named. */
import { Buffer as BufferOfPackage } from 'buffer/'
import * as fs from './fs.ts'
import { workingFolder } from './workingFolder.ts'
import * as zlib from './zlib.ts'

export const Buffer = BufferOfPackage

const builtins: Readonly<Record<string, unknown>> = { 'node:fs': fs, 'node:zlib': zlib }
const nothing = () => undefined

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
  on: nothing,
  off: nothing,
  once: nothing,
  listeners: () => [],
  removeListener: nothing,
  emitWarning: nothing,
  getBuiltinModule: (name: string) => builtins[name],
  // Not known: memory is refused when the browser refuses it.
  constrainedMemory: () => 0,
  memoryUsage: () => ({ rss: 0, heapUsed: 0 }),
  hrtime: { bigint: () => BigInt(Math.round(performance.now() * 1e6)) },
  nextTick: (turn: () => void) => queueMicrotask(turn),
  stderr: { isTTY: false, write: nothing },
  stdout: { isTTY: false, write: nothing },
}

const channel = new MessageChannel()
const due: (() => void)[] = []
channel.port1.addEventListener('message', () => due.shift()?.())
channel.port1.start()

/** A turn of the event loop, without the 4 ms that a nested `setTimeout` takes. */
export function setImmediate(turn: () => void): void {
  due.push(turn)
  channel.port2.postMessage(0)
}
