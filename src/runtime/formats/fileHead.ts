import { closeSync, readSync } from 'node:fs'
import { openRegularFile } from '../../system/regularFile.ts'

/**
 * What a file begins with: so many bytes, or fewer where it ends before. One whose name ends in `.gz` is unpacked.
 *
 * @throws Error where it cannot be read.
 */
export function readFileHead(path: string, length: number): Uint8Array {
  if (!path.endsWith('.gz')) return readBeginning(path, length)
  // Loaded where it is needed, for it takes longer than most that is done with it.
  const { gunzipSync, constants } = process.getBuiltinModule('node:zlib')
  // 4 kB more are enough for what is packed badly; the end of the file is not waited for.
  const unpacked = gunzipSync(readBeginning(path, length + 4096), { finishFlush: constants.Z_SYNC_FLUSH })
  return unpacked.subarray(0, length)
}

function readBeginning(path: string, length: number): Uint8Array {
  const { file } = openRegularFile(path)
  try {
    const bytes = new Uint8Array(length)
    let filled = 0
    for (let count = 1; count > 0 && filled < length; filled += count) {
      count = readSync(file, bytes, filled, length - filled, filled)
    }
    return bytes.subarray(0, filled)
  } finally {
    closeSync(file)
  }
}
