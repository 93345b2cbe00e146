/** Writes, lists and prunes the checkpoints of a run folder, and reads the newest intact one. */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileSizeLimits, readWholeFile } from '../../system/regularFile.ts'
import { writeRunFile } from './runFileError.ts'
import { runFiles } from '../../system/runFiles.ts'
import { readSavedRun } from './checkpoint.ts'
import { fileFailure } from '../../system/systemError.ts'
import { DamagedFileError, decodeTensorFile, encodeTensorFile, type TensorFile } from './tensorFile.ts'
import { writeFileWhole } from './writeWhole.ts'
import { createFolder } from '../../system/createFolder.ts'

/** The folder for the checkpoints of a run. */
export function checkpointFolder(runFolder: string): string {
  return join(runFolder, runFiles.checkpoints)
}

/** The name of the checkpoint after that number of steps over all epochs. */
export function checkpointName(steps: number): string {
  return `step-${`${steps}`.padStart(8, '0')}`
}

/**
 * Writes a checkpoint. An existing one of that name is replaced once the new one is complete.
 *
 * @throws KnownError if the file cannot be written.
 */
export async function writeCheckpoint(runFolder: string, name: string, content: TensorFile): Promise<void> {
  const path = pathOf(runFolder, name)
  await writeRunFile(path, async () => {
    createFolder(checkpointFolder(runFolder))
    await writeFileWhole(path, encodeTensorFile(content))
  })
}

/** The names of the numbered checkpoints, the newest first. */
async function listCheckpoints(runFolder: string): Promise<string[]> {
  const names = (await filesIn(runFolder)).flatMap((file) => /^(step-\d+)\.safetensors$/.exec(file)?.[1] ?? [])
  return names.toSorted((a, b) => stepsOf(b) - stepsOf(a))
}

/** Removes all but the newest checkpoints. */
export async function pruneCheckpoints(runFolder: string, kept: number): Promise<void> {
  const old = (await listCheckpoints(runFolder)).slice(kept).map((name) => pathOf(runFolder, name))
  for (const path of old) await rm(path, { force: true })
}

/**
 * Reads the newest checkpoint that is intact.
 *
 * @param onDamaged Called for each damaged one that is skipped.
 * @returns Undefined if the run has no intact checkpoint.
 */
export async function readNewestCheckpoint(
  runFolder: string,
  onDamaged: (path: string, why: string) => void,
): Promise<{ readonly path: string; readonly content: TensorFile } | undefined> {
  for (const name of await listCheckpoints(runFolder)) {
    const path = pathOf(runFolder, name)
    try {
      const content = decodeTensorFile(await readWholeFile(path, fileSizeLimits.data))
      readSavedRun(content)
      return { path, content }
    } catch (error) {
      const why = error instanceof DamagedFileError ? error.message : fileFailure(error)
      if (why === undefined) throw error
      onDamaged(path, why)
    }
  }
  return undefined
}

function pathOf(runFolder: string, name: string): string {
  return join(checkpointFolder(runFolder), `${name}.safetensors`)
}

function stepsOf(name: string): number {
  return Number(name.replace('step-', ''))
}

async function filesIn(runFolder: string): Promise<string[]> {
  try {
    return await readdir(checkpointFolder(runFolder))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
