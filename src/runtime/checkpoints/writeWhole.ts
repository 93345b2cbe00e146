import { open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createFolder } from '../createFolder.ts'

/**
 * Writes a file so that at any moment, even if the process is killed or the power fails, there is either what was there
 * before or all of the new: under a temporary name first, forced to the disk, then renamed. Where it fails, what was
 * there stays.
 */
export async function writeFileWhole(path: string, pieces: Iterable<Uint8Array | string>): Promise<void> {
  const written = `${path}${temporaryMark}${process.pid}`
  try {
    const file = await open(written, 'w')
    try {
      for (const piece of pieces) await file.writeFile(piece)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(written, path)
  } catch (error) {
    await rm(written, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

/**
 * Writes a folder so that it appears whole: under a temporary name first, in place of one that was there.
 *
 * @param fill Writes its files into the folder that it is given.
 */
export async function writeFolderWhole(folder: string, fill: (written: string) => Promise<void>): Promise<void> {
  const written = `${folder}${temporaryMark}${process.pid}`
  await rm(written, { recursive: true, force: true })
  createFolder(written)
  await fill(written)
  await rm(folder, { recursive: true, force: true })
  await rename(written, folder)
}

/** Removes from a folder what processes left unfinished that were killed while they wrote. */
export async function removeUnfinished(folder: string): Promise<void> {
  const unfinished = (await readdir(folder)).filter((name) => name.includes(temporaryMark))
  for (const name of unfinished) await rm(join(folder, name), { recursive: true, force: true })
}

/** Stands in the name of a file that is not whole yet, before the number of the process. */
const temporaryMark = '.writing-'

/** A rename is on the disk once the folder is; Windows has no way to ask for that. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const opened = await open(folder, 'r')
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}
