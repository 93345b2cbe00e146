/**
 * The studio without a server: the specs are examples beside the page, a changed spec is kept in the address, and workers
 * train, predict and compile. They keep runs in the browser.
 */
import type { FileSource } from '../../system/prepareHost.ts'
import type { Backend } from '../backend.ts'
import { compileTargets } from '../compileTargets.ts'
import { readJson, readText } from './fetchFile.ts'

export async function createPageBackend(): Promise<Backend> {
  const paths = (await readJson('examples.json')) as readonly string[]
  const examples = filesOfExamples(paths)
  /** What is only needed after the first paint. */
  const load = async () => await import('./pageWorkers.ts')
  return {
    files: {
      size: async (path) => (await examples.size(path)) ?? (await (await load()).storedData.size(path)),
      list: async (path) => await (await load()).storedData.list(path),
      read: async (path, start, length) =>
        (await examples.size(path)) === undefined
          ? await (await load()).storedData.read(path, start, length)
          : await examples.read(path, start, length),
    },
    targets: compileTargets,
    listSpecs: async () => paths.map((path) => ({ path })),
    readSpec: async (path) => await readText(`examples/${path}`),
    compile: async (path, text, target) => await (await load()).ask('compile', { path, text, target }, { path, text }),
    viewData: async (question, text) => await (await load()).ask('data', question, { path: question.spec, text }),
    addData: async (files) => await (await load()).addData(files),
    training: {
      engines: ['wasm', 'webgpu'],
      findObstacle: async (engine) => {
        if (engine !== 'webgpu') return undefined
        const found = await (await import('../static/pageAdapter.ts')).findPageAdapter()
        return typeof found === 'string' ? found : undefined
      },
      watch: (onMessage) => void load().then(({ training }) => training.watch(onMessage)),
      start: async (question, text) => (await load()).training.start(question, text),
      pause: async () => (await load()).training.order('pause'),
      proceed: async () => (await load()).training.order('proceed'),
      stop: async () => (await load()).training.order('stop'),
    },
    runs: {
      list: async () => await (await load()).ask('runs', {}),
      read: async (question) => await (await load()).ask('run', question),
      sweep: async (question) => await (await load()).ask('sweep', question),
      diff: async (question) => await (await load()).ask('diff', question),
      predict: async (question) => await (await load()).ask('predict', question),
      download: async (folder) => await (await load()).zipRun(folder),
    },
  }
}

function filesOfExamples(paths: readonly string[]): Pick<FileSource, 'size' | 'read'> {
  const known = new Set(paths)
  const texts = new Map<string, Uint8Array>()
  const bytesOf = async (path: string): Promise<Uint8Array> => {
    const kept = texts.get(path) ?? new TextEncoder().encode(await readText(`examples/${path}`))
    texts.set(path, kept)
    return kept
  }
  return {
    size: async (path) => (known.has(path) ? (await bytesOf(path)).length : undefined),
    read: async (path, start, length) => (await bytesOf(path)).slice(start, start + length),
  }
}
