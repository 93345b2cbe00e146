/** Reads the files of the folder wasm-training/, which scripts for the WASM backend share. */
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { findModule } from '../../system/moduleThread.ts'

/** In the published package this file is bundled into dist/chunks/ or dist/cli/; in the repository, `npm run generate` writes the folder. */
const places = ['../wasm-training/', '../../../generated/wasm-training/']

export interface WasmTrainingFile {
  /** The name without the folder: `index.js`. */
  readonly fileName: string
  readonly content: Uint8Array
}

/** @throws Error if the installed package is incomplete. */
export async function wasmTrainingFiles(): Promise<readonly WasmTrainingFile[]> {
  const folder = new URL(findModule(places.map((place) => new URL(place, import.meta.url))))
  const read = async (fileName: string) => ({ fileName, content: await readFile(new URL(fileName, folder)) })
  return await Promise.all(readdirSync(folder).toSorted().map(read))
}
