/** Takes the place of `node:fs/promises` in the workers of the static page. */
import { appendFileSync, bytesOf, joinBytes, readdirSync, readFileSync, statSync, writeFileSync } from './fs.ts'
import { isFolder, movePath, putFile, removePath } from './files.ts'

/** Fetches a file with a URL, which is beside the page. */
export async function readFile(path: string | URL, encoding?: unknown): Promise<Uint8Array | string> {
  if (!(path instanceof URL)) return readFileSync(path, encoding)
  const reply = await fetch(path)
  if (!reply.ok) throw new Error(`${path.pathname} is missing beside the page (${reply.status})`)
  return new Uint8Array(await reply.arrayBuffer())
}

export const appendFile = async (path: string, content: string | Uint8Array) => appendFileSync(path, content)
export const writeFile = async (path: string, content: string | Uint8Array) => writeFileSync(path, content)
export const readdir = async (folder: string, options?: { readonly withFileTypes?: boolean }) =>
  readdirSync(folder, options)
export const stat = async (path: string) => statSync(path)
export const rename = async (from: string, to: string) => movePath(from, to)
export const rm = async (path: string) => removePath(path)

/** Opens a file for writing, or a folder for `sync`. The file is there when it is closed. */
export async function open(path: string) {
  const parts: Uint8Array[] = []
  return {
    async writeFile(content: string | Uint8Array) {
      parts.push(bytesOf(content).slice())
    },
    async sync() {},
    async close() {
      if (!isFolder(path)) putFile(path, joinBytes(parts))
    },
  }
}
