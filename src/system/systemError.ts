/** Converts errors of the operating system to messages. */
import { KnownError, isKnownError } from './knownError.ts'
import { asIndexError } from './indexError.ts'
import { asMemoryError } from './memoryError.ts'

/** The reason and the fix for each error code of the system. */
const systemFailures: Readonly<Record<string, readonly [why: string, help: string]>> = {
  ENOENT: ['no such file or folder', 'Check the path, and create its folder if it is missing.'],
  ENOTDIR: ['a part of its path is a file', 'Choose a folder, or move that file.'],
  EISDIR: ['it is a folder', 'Choose a file.'],
  ERR_FS_EISDIR: ['it is a folder', 'Choose a file.'],
  EEXIST: ['it already exists', 'Choose another name, or move the existing file.'],
  ENOTEMPTY: ['the folder is not empty', 'Choose another folder, or move its files.'],
  EACCES: ['permission denied', 'Change its permissions, or choose another place.'],
  EPERM: ['operation not permitted', 'Change its permissions, or choose another place.'],
  EROFS: ['the file system is read-only', 'Choose a writable place.'],
  ENOSPC: ['the disk is full', 'Free some space, or choose a place on another disk.'],
  EDQUOT: ['the disk quota is exceeded', 'Free some space, or choose a place on another disk.'],
  EFBIG: ['the file is too large for the file system', 'Choose a place on another file system.'],
  EXDEV: ['it is on another file system', 'Choose a place on the same file system.'],
  EMFILE: ['too many files are open', 'Raise the limit of open files, for example with `ulimit -n 4096`.'],
  ENFILE: ['too many files are open on this machine', 'Close some programs, and run the command again.'],
  ELOOP: ['its symbolic links form a cycle', 'Use the file itself, or replace the links.'],
  ENAMETOOLONG: ['the name is too long', 'Choose a shorter name.'],
  EINVAL: ['the system rejects it', 'Check the path, or choose another place.'],
  EADDRINUSE: ['another program uses it', 'Choose another port.'],
  EBUSY: ['it is in use', 'Close the program that uses it, and run the command again.'],
  ETXTBSY: ['it is in use', 'Close the program that uses it, and run the command again.'],
  EIO: ['the disk reports an I/O error', 'Check the disk, or choose another one.'],
  ENXIO: ['it is a device or a pipe without a reader or writer', 'Use a regular file.'],
  ENODEV: ['it is a device', 'Use a regular file.'],
  ESTALE: ['the network file system lost it', 'Mount it again, and run the command again.'],
  ENOMEM: ['there is not enough memory', 'Close some programs, or use a machine with more memory.'],
  EAGAIN: [
    'a system resource is exhausted',
    'Raise the limit of processes and threads (`ulimit -u`), or close some programs.',
  ],
  EPIPE: ['its reader has exited', 'Run the command again with a reader that reads to the end.'],
  ERR_FS_FILE_TOO_LARGE: ['it is too large to read at once', 'Use a smaller file.'],
  ERR_STRING_TOO_LONG: ['it is too large to read as text', 'Use a smaller file.'],
  ERR_INVALID_ARG_VALUE: ['its path is not valid', 'Check the path: it must not contain a NUL character.'],
}

/** The participle of each system call, for "FILE cannot be …". */
const systemCalls: Readonly<Record<string, string>> = {
  open: 'opened',
  read: 'read',
  stat: 'read',
  lstat: 'read',
  realpath: 'read',
  readlink: 'read',
  statfs: 'read',
  scandir: 'listed',
  opendir: 'listed',
  write: 'written',
  fsync: 'written',
  fdatasync: 'written',
  ftruncate: 'written',
  close: 'written',
  rename: 'written',
  mkdir: 'created',
  mkdtemp: 'created',
  symlink: 'created',
  link: 'created',
  copyfile: 'copied',
  cp: 'copied',
  unlink: 'removed',
  rm: 'removed',
  rmdir: 'removed',
  chmod: 'changed',
  fchmod: 'changed',
  chown: 'changed',
  fchown: 'changed',
  watch: 'watched',
  spawn: 'started',
}

/** The reason why a file or a port cannot be used; undefined if the error is not from the system. */
export function fileFailure(error: unknown): string | undefined {
  const code = systemCodeOf(error)
  if (code === undefined) return undefined
  return systemFailures[code]?.[0] ?? firstLineOf(error)
}

/** Whether an error comes from the operating system, or from Node on its behalf. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return systemCodeOf(error) !== undefined
}

/**
 * Converts an error to a known failure: a KnownError stays as it is, an error of the system gets a message. Returns undefined
 * for a bug.
 *
 * @param help Overrides the general help for the error of the system.
 */
export function asKnownError(error: unknown, help?: string): KnownError | undefined {
  if (isKnownError(error)) return error
  const ofEngine = asMemoryError(error) ?? asIndexError(error)
  if (ofEngine) return ofEngine
  const why = fileFailure(error)
  if (why === undefined) return undefined
  const { code = '', syscall = '', path, dest } = error as NodeJS.ErrnoException & { readonly dest?: string }
  const named = dest ?? path
  // Errors of a pipe or an open file do not contain its path.
  const subject = named ?? (code === 'EPIPE' ? 'The output' : 'A file')
  const message = `${subject} cannot be ${systemCalls[syscall] ?? 'used'}: ${why}.`
  return new KnownError(
    'system',
    message,
    help ?? systemFailures[code]?.[1] ?? 'Check the path, and run the command again.',
    {
      cause: error,
    },
  )
}

/** Marks a known failure as one after the first training step; a bug is returned unchanged. */
export function failedInTraining(error: unknown): unknown {
  const known = asKnownError(error)
  if (known === undefined) return error
  known.inTraining = true
  return known
}

function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  return 'syscall' in error || isFailureOfNode(error.code, error) ? error.code : undefined
}

/** Node's own errors about files have no system call. An invalid argument is a bug unless it is a path with a NUL character. */
function isFailureOfNode(code: string, { message }: Error): boolean {
  if (code === 'ERR_INVALID_ARG_VALUE') return message.includes('null bytes')
  return code.startsWith('ERR_') && Object.hasOwn(systemFailures, code)
}

function firstLineOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0]! : String(error)
}
