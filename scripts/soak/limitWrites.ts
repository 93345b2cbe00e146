/** Limits the number of bytes that this process can write to files, to simulate a full disk or a kill during a write. */
import { closeSync, openSync, promises, writeSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

type Chunk = string | Uint8Array

/**
 * @param ending What happens when the limit is exceeded: the disk is full, or the process is killed. The bytes of a write
 *   within the limit are written first.
 * @returns A function that returns the number of bytes written.
 */
export function limitWrites(bytes: number, ending: 'kill' | 'full'): () => number {
  let written = 0
  const write = (file: number, chunk: Chunk): void => {
    const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    const allowed = Math.max(0, Math.min(data.length, bytes - written))
    for (let done = 0; done < allowed;) done += writeSync(file, data, done, allowed - done)
    written += allowed
    if (allowed === data.length) return
    if (ending === 'kill') process.kill(process.pid, 'SIGKILL')
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' })
  }
  const writeTo = (flags: string) => async (path: string, chunk: Chunk) => {
    const file = openSync(path, flags)
    try {
      write(file, chunk)
    } finally {
      closeSync(file)
    }
  }
  const { open } = promises
  Object.assign(promises, {
    async open(path: string, flags: string) {
      const handle = await open(path, flags)
      return Object.assign(handle, { writeFile: async (chunk: Chunk) => write(handle.fd, chunk) })
    },
    writeFile: writeTo('w'),
    appendFile: writeTo('a'),
  })
  syncBuiltinESMExports()
  return () => written
}
