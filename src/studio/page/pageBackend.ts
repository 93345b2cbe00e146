/** The studio without a server: the specs are examples beside the page, and nothing is saved but in the address. */
import type { Backend } from '../backend.ts'
import { readJson, readText } from './fetchFile.ts'

export async function createPageBackend(): Promise<Backend> {
  const paths = (await readJson('examples.json')) as readonly string[]
  const known = new Set(paths)
  const texts = new Map<string, Uint8Array>()
  const bytesOf = async (path: string): Promise<Uint8Array> => {
    const kept = texts.get(path) ?? new TextEncoder().encode(await readText(`examples/${path}`))
    texts.set(path, kept)
    return kept
  }
  return {
    files: {
      size: async (path) => (known.has(path) ? (await bytesOf(path)).length : undefined),
      list: async () => undefined,
      read: async (path, start, length) => (await bytesOf(path)).slice(start, start + length),
    },
    targets: [],
    listSpecs: async () => paths.map((path) => ({ path })),
    readSpec: async (path) => await readText(`examples/${path}`),
  }
}
