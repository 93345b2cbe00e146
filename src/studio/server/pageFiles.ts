/** Reads the files of the built page. */
import { readFileSync, statSync } from 'node:fs'
import { extname, join, resolve, sep } from 'node:path'

export interface PageFile {
  readonly type: string
  readonly content: Uint8Array
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
}

/** Returns undefined if there is no such file, or it is outside of the folder. */
export function readPage(folder: string, path: string): PageFile | undefined {
  const root = resolve(folder)
  const place = join(root, path === '/' ? 'index.html' : path)
  const type = types[extname(place)] ?? 'application/octet-stream'
  if (path.includes('\0') || !place.startsWith(root + sep)) return undefined
  if (statSync(place, { throwIfNoEntry: false })?.isFile() !== true) return undefined
  const content = readFileSync(place)
  return { type, content: path === '/' ? markServer(content.toString('utf8')) : content }
}

/** Marks the page, so that it asks the server instead of using its examples. */
function markServer(page: string): Buffer {
  return Buffer.from(page.replace('<head>', '<head><meta name="shapewright-server" />'))
}
