/** Puts what the operating system refuses into words. */
import { KnownError, isKnownError } from './knownError.ts'
import { asMemoryError } from './memoryError.ts'

/** Why the system refuses, by the code of its error, and what to do next. */
const systemFailures: Readonly<Record<string, readonly [why: string, help: string]>> = {
  ENOENT: ['there is no file or folder of that name', 'Check the path, and create the folder that it leads to.'],
  ENOTDIR: ['a part of its path is a file', 'Name a folder, or move that file away.'],
  EISDIR: ['it is a folder', 'Name a file.'],
  ERR_FS_EISDIR: ['it is a folder', 'Name a file.'],
  EEXIST: ['it exists already', 'Choose another name, or move it away.'],
  ENOTEMPTY: ['the folder is not empty', 'Choose another folder, or move its files away.'],
  EACCES: ['the permission is missing', 'Make it accessible for you, or choose another place.'],
  EPERM: ['the system does not permit it', 'Make it accessible for you, or choose another place.'],
  EROFS: ['the file system is read-only', 'Choose a place that can be written to.'],
  ENOSPC: ['the disk is full', 'Free some space, or choose a place on another disk.'],
  EDQUOT: ['the quota of the disk is used up', 'Free some space, or choose a place on another disk.'],
  EFBIG: ['the file system takes no file that large', 'Choose a place on another file system.'],
  EXDEV: ['it is on another file system', 'Choose a place on the same file system.'],
  EMFILE: ['too many files are open', 'Raise the limit of open files, for example by `ulimit -n 4096`.'],
  ENFILE: ['too many files are open on this machine', 'End some programs, and run the command again.'],
  ELOOP: ['its symbolic links lead in a circle', 'Name the file itself, or replace the links.'],
  ENAMETOOLONG: ['the name is too long', 'Choose a shorter name.'],
  EINVAL: ['the system does not accept it', 'Check the path, and choose another place if it is one.'],
  EBUSY: ['it is in use', 'Close the program that uses it, and run the command again.'],
  ETXTBSY: ['it is in use', 'Close the program that uses it, and run the command again.'],
  EIO: ['the disk fails', 'Check the disk, and choose another one.'],
  ENXIO: ['it is a device or a pipe that nothing answers on', 'Name a regular file.'],
  ENODEV: ['it is a device', 'Name a regular file.'],
  ESTALE: ['the network file system has lost it', 'Mount it again, and run the command again.'],
  ENOMEM: ['there is not enough memory', 'End some programs, or use a machine with more memory.'],
  EAGAIN: [
    'the system lacks a resource',
    'Raise the limits of processes and threads (`ulimit -u`), or end some programs.',
  ],
  EPIPE: ['its reader has ended', 'Run the command again with a reader that reads to the end.'],
  ERR_FS_FILE_TOO_LARGE: ['it is too large to be read at once', 'Use a smaller file.'],
  ERR_STRING_TOO_LONG: ['it is too large to be read as a text', 'Use a smaller file.'],
  ERR_INVALID_ARG_VALUE: ['its path is not valid', 'Check the path: it must not hold a NUL character.'],
}

/** What a call of the system does to the file that it names. */
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

/** Why a file cannot be written or read, where the error is the system's. */
export function fileFailure(error: unknown): string | undefined {
  const code = systemCodeOf(error)
  if (code === undefined) return undefined
  return systemFailures[code]?.[0] ?? firstLineOf(error)
}

/** Whether the operating system, or Node on its behalf, refused something. Anything else that is thrown is another matter. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return systemCodeOf(error) !== undefined
}

/**
 * The known failure that an error is: itself, or what the system refused, in words. Undefined for a bug.
 *
 * @param help Replaces what is generally to be done where the system refuses.
 */
export function asKnownError(error: unknown, help?: string): KnownError | undefined {
  if (isKnownError(error)) return error
  const exhausted = asMemoryError(error)
  if (exhausted) return exhausted
  const why = fileFailure(error)
  if (why === undefined) return undefined
  const { code = '', syscall = '', path, dest } = error as NodeJS.ErrnoException & { readonly dest?: string }
  const named = dest ?? path
  // Of a pipe or an open file, the system does not say which.
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

/** The same failure from the first training step on; a bug stays what it is. */
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

/** Node's own errors about files have no system call. The one about arguments is a bug unless it is about a path. */
function isFailureOfNode(code: string, { message }: Error): boolean {
  if (code === 'ERR_INVALID_ARG_VALUE') return message.includes('null bytes')
  return code.startsWith('ERR_') && Object.hasOwn(systemFailures, code)
}

function firstLineOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0]! : String(error)
}
