import { existsSync } from 'node:fs'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { KnownError, isKnownError } from '../system/knownError.ts'
import type { PinnedWheel } from './pinnedWheels.ts'
import { damaged, hashFile } from './readWheel.ts'
import { lastLines, runCommand } from './runCommand.ts'
import type { SetupProgress } from './setupProgress.ts'
import { createFolder } from '../system/createFolder.ts'

/** The path at which a downloaded wheel is kept until its libraries are in the cache. */
export function keptWheelPath(native: string, wheel: PinnedWheel): string {
  return join(native, 'downloads', wheel.file)
}

/**
 * Returns the path of the verified wheel, which an earlier interrupted run or pip downloaded from PyPI.
 *
 * @param temporary The folder for pip's unfinished files.
 */
export async function downloadWheel(
  wheel: PinnedWheel,
  native: string,
  temporary: string,
  python: string,
  progress: SetupProgress,
  signal: AbortSignal | undefined,
): Promise<string> {
  const kept = keptWheelPath(native, wheel)
  if (await isVerified(kept, wheel, progress, signal)) return kept

  const folder = join(temporary, 'download')
  createFolder(folder)
  progress.step(`Downloading ${wheel.project} ${wheel.version} from PyPI`)
  const watch = setInterval(() => {
    void folderBytes(folder).then((bytes) => progress.bytes(Math.min(bytes, wheel.bytes), wheel.bytes))
  }, 250)
  const result = await runCommand(python, pipArguments(wheel, folder), {
    env: { ...process.env, TMPDIR: folder },
    signal,
    onLine: progress.output?.bind(progress),
  }).finally(() => clearInterval(watch))
  const file = join(folder, wheel.file)
  if (result.code !== 0 || !existsSync(file)) {
    throw new KnownError(
      'setup/download-failed',
      `pip could not download ${wheel.project} ${wheel.version}:\n${lastLines(result.output, 4)}`,
      `Check the network, or download ${wheel.file} on another machine and run: shapewright setup native --from FILE`,
    )
  }
  progress.bytes(wheel.bytes, wheel.bytes)
  await verifyWheel(file, wheel, progress, signal)
  createFolder(join(native, 'downloads'))
  await rename(file, kept)
  return kept
}

/** The arguments that request this wheel, independent of the Python version and the platform that pip runs on. */
function pipArguments({ project, version, pipPlatform }: PinnedWheel, folder: string): readonly string[] {
  const what = '-m pip download --no-deps --only-binary=:all: --disable-pip-version-check --python-version 3.11'
  return [...what.split(' '), '--platform', pipPlatform, '--dest', folder, `${project}==${version}`]
}

/** @throws KnownError unless the file is byte for byte the pinned wheel. */
export async function verifyWheel(
  file: string,
  wheel: PinnedWheel,
  progress: SetupProgress,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { size } = await stat(file)
  if (size !== wheel.bytes) throw damaged(file, `it has ${size} bytes instead of ${wheel.bytes}`)
  progress.step('Verifying the wheel')
  const sha256 = await hashFile(file, progress, signal)
  if (sha256 !== wheel.sha256) throw damaged(file, `its SHA-256 is ${sha256} instead of ${wheel.sha256}`)
}

async function isVerified(
  file: string,
  wheel: PinnedWheel,
  progress: SetupProgress,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (!existsSync(file)) return false
  try {
    await verifyWheel(file, wheel, progress, signal)
    return true
  } catch (error) {
    if (!isKnownError(error, 'setup') || error.code !== 'setup/damaged-wheel') throw error
    await rm(file, { force: true })
    return false
  }
}

/** The number of bytes in a folder while files are downloaded to it. */
async function folderBytes(folder: string): Promise<number> {
  let sum = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (entry.isFile())
      sum += await stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      )
  }
  return sum
}
