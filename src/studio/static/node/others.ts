/** Takes the place of the smaller modules of Node.js in the workers of the static page: os, util, module, v8, streams and threads. */

export { isDeepStrictEqual } from './deepEqual.ts'

/** One thread: several need memory that is shared, which pages get only with headers that a plain file server does not send. */
export const availableParallelism = (): number => 1
export const cpus = (): readonly { readonly model: string }[] => [{ model: navigator.userAgent }]
export const homedir = (): string => '/home'
export const userInfo = () => ({ homedir: '/home' })
export const tmpdir = (): string => '/tmp'
export const hostname = (): string => 'page'
export const endianness = (): string => 'LE'
/** Not known: memory is refused when the browser refuses it. */
export const totalmem = (): number => Infinity
export const freemem = totalmem

export function promisify(call: (...args: unknown[]) => void): (...args: unknown[]) => Promise<unknown> {
  return (...args) =>
    new Promise((done, fail) => {
      call(...args, (error: Error | null, value: unknown) => (error ? fail(error) : done(value)))
    })
}

/** The path of a file beside the page. */
export const fileURLToPath = (url: URL | string): string => new URL(url).pathname

export const stripVTControlCharacters = (text: string): string => text

/** No package is installed beside the page. */
export function createRequire() {
  const refuse = (name: string): never => {
    throw Object.assign(new Error(`there is no package ${name} here`), { code: 'MODULE_NOT_FOUND' })
  }
  return Object.assign(refuse, { resolve: refuse })
}

export const setFlagsFromString = (): void => undefined

export async function pipeline(): Promise<never> {
  throw new Error('there are no streams here')
}

export const parentPort = null
export const workerData = undefined

/** Stands for the thread that keeps the lock of a run alive: no other process can reach these files. */
export class Worker {
  on(): this {
    return this
  }
  once(): this {
    return this
  }
  unref(): void {}
  postMessage(): void {}
  async terminate(): Promise<number> {
    return 0
  }
}
