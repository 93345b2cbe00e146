/** Functions on paths like those of `node:path`, for code that also runs without Node.js. */

const isWindows = typeof process !== 'undefined' && process.platform === 'win32'

/** Replaces all separators by `/`. */
function unify(path: string): string {
  return isWindows ? path.replaceAll('\\', '/') : path
}

export function isAbsolutePath(path: string): boolean {
  return unify(path).startsWith('/') || (isWindows && /^[A-Za-z]:[\\/]/.test(path))
}

/** The last part of a path. */
export function baseName(path: string): string {
  return /([^/]*)\/*$/.exec(unify(path))![1]!
}

/** The folder of a file; `.` if the path contains no folder. */
export function folderOf(path: string): string {
  const trimmed = unify(path).replace(/(?<=.)\/+$/, '')
  const end = trimmed.lastIndexOf('/')
  return end < 0 ? '.' : trimmed.slice(0, end).replace(/\/+$/, '') || '/'
}

/** Joins two paths and resolves `.` and `..`. */
export function joinPaths(folder: string, path: string): string {
  const joined = unify([folder, path].filter((part) => part !== '').join('/'))
  const isAbsolute = joined.startsWith('/')
  const steps: string[] = []
  for (const step of joined.split('/')) {
    if (step === '' || step === '.') continue
    if (step !== '..') steps.push(step)
    else if (steps.length > 0 && steps.at(-1) !== '..') steps.pop()
    else if (!isAbsolute) steps.push(step)
  }
  const relative = steps.join('/')
  const end = joined.endsWith('/') && relative !== '' ? '/' : ''
  return isAbsolute ? `/${relative}${end}` : relative === '' ? '.' : `${relative}${end}`
}

/**
 * The relative path that leads from a folder to a path. Both are absolute, or both start at the same folder; otherwise the path
 * is returned as it is.
 */
export function relativePath(folder: string, path: string): string {
  if (isAbsolutePath(folder) !== isAbsolutePath(path)) return path
  const [from, to] = [folder, path].map((one) =>
    joinPaths('', one)
      .split('/')
      .filter((step) => step !== '.'),
  )
  let shared = 0
  while (shared < from!.length && shared < to!.length && from![shared] === to![shared]) shared += 1
  // Above a folder outside, the way back is not known.
  if (from!.slice(shared).includes('..') || (isAbsolutePath(folder) && shared === 0)) return path
  return [...from!.slice(shared).map(() => '..'), ...to!.slice(shared)].join('/') || '.'
}
