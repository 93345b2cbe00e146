/** A host whose files are in memory, for specs that extend others. */
import type { Host } from '../../src/system/host.ts'

export type Files = Readonly<Record<string, string>>

export function filesHost(files: Files): Host {
  const bytesOf = (path: string) => (files[path] === undefined ? undefined : new TextEncoder().encode(files[path]))
  return {
    size: (path) => bytesOf(path)?.length,
    list(path) {
      const prefix = path === '.' ? '' : `${path}/`
      const names = Object.keys(files).filter((file) => file.startsWith(prefix))
      const entries = new Set(names.map((file) => file.slice(prefix.length).split('/')[0]!))
      return names.length === 0 ? undefined : [...entries].map((name) => ({ name, kind: 'file' }))
    },
    read(path, { start, length }) {
      const bytes = bytesOf(path)
      if (bytes === undefined) throw new Error(`there is no ${path}`)
      return bytes.subarray(start, start + length)
    },
  }
}
