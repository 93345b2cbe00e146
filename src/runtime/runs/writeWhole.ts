/** Writes files and folders so that readers never see half of one. */
import { open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createFolder } from '../../system/createFolder.ts'
import { requireLock } from './runLock.ts'
import { isTemporary, temporaryName } from './temporaryName.ts'

/**
 * Writes a file atomically: at any moment, even if the process is killed or the power fails, the path has either its
 * previous content or all of the new. The file is written under a temporary name, flushed to the disk, then renamed. On
 * failure, the previous content stays.
 *
 * @throws KnownError if the file belongs to a run that another process has taken over.
 */
export async function writeFileWhole(path: string, pieces: Iterable<Uint8Array | string>): Promise<void> {
  const written = temporaryName(path)
  try {
    const file = await open(written, 'w')
    try {
      for (const piece of pieces) await file.writeFile(piece)
      await file.sync()
    } finally {
      await file.close()
    }
    requireLock(path)
    await rename(written, path)
  } catch (error) {
    await rm(written, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

/**
 * Writes a folder under a temporary name first, then replaces the existing one.
 *
 * @param fill Writes the files into the given folder.
 * @throws KnownError if the folder belongs to a run that another process has taken over.
 */
export async function writeFolderWhole(folder: string, fill: (written: string) => Promise<void>): Promise<void> {
  const written = temporaryName(folder)
  try {
    await rm(written, { recursive: true, force: true })
    createFolder(written)
    await fill(written)
    requireLock(folder)
    await rm(folder, { recursive: true, force: true })
    await rename(written, folder)
  } catch (error) {
    await rm(written, { recursive: true, force: true })
    throw error
  }
}

/** Removes the unfinished files of killed processes from a folder. */
export async function removeUnfinished(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter(isTemporary)) {
    await rm(join(folder, name), { recursive: true, force: true })
  }
}

/** Flushes a folder, so that a rename in it reaches the disk. Windows has no way to do that. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const opened = await open(folder, 'r')
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}
