/** Reads the files of the folder wasm-training/, which scripts for the WASM backend share. */
import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

/** In the published package this file is bundled into dist/chunks/ or dist/cli/; in the repository, `npm run generate` writes the folder. */
const places = ['../wasm-training/', '../../../generated/wasm-training/']

export interface WasmTrainingFile {
  /** The name without the folder: `index.js`. */
  readonly fileName: string
  readonly content: Uint8Array
}

/** @throws Error if the installed package is incomplete. */
export async function wasmTrainingFiles(): Promise<readonly WasmTrainingFile[]> {
  const folder = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url))
  if (!folder) throw new Error('dist/wasm-training is missing from the installed package: reinstall shapewright')
  const read = async (fileName: string) => ({ fileName, content: await readFile(new URL(fileName, folder)) })
  return await Promise.all(readdirSync(folder).toSorted().map(read))
}
