import { TrainingError } from './trainingError.ts'

/** What the system says where a file cannot be written, in words. */
const fileFailures: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'the file system takes no file that large',
  EROFS: 'the file system is read-only',
  EACCES: 'the permission is missing',
  EPERM: 'the permission is missing',
  ENOENT: 'its folder is not there',
  ENOTDIR: 'a part of its path is a file',
  EISDIR: 'a folder of that name is there',
  ENAMETOOLONG: 'the path is too long',
  EMFILE: 'too many files are open',
  EIO: 'the disk fails',
}

/** Why a file cannot be written or read, where the error is the system's. */
export function fileFailure(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return fileFailures[code]
}

/**
 * Writes a file of the run.
 *
 * @throws TrainingError where the system refuses; the run can be gone on with from its last checkpoint.
 */
export async function writeRunFile<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    const why = fileFailure(error)
    if (why === undefined) throw error
    throw new TrainingError(
      `${path} cannot be written: ${why}.`,
      'What was saved before is whole: make room or mend the folder, then go on from the last checkpoint with --resume.',
    )
  }
}
