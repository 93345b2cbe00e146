/** Matches file names by glob patterns: `configs/**\/*.yaml`, `{a,b}.yaml`, and `!old/**` to exclude files. */
import { lstatSync } from 'node:fs'
import { relative, sep } from 'node:path'

export type Matcher = (path: string) => boolean

export function hasGlobCharacters(path: string): boolean {
  return /[*?[\]{}]|[@!+]\(/.test(path)
}

/** Whether an argument excludes files, such as `!old/**`, but not `!(a|b).yaml` or an existing file whose name starts with `!`. */
export function isExclusion(path: string): boolean {
  return (
    path.length > 1 &&
    path.startsWith('!') &&
    path[1] !== '(' &&
    lstatSync(path, { throwIfNoEntry: false }) === undefined
  )
}

export async function excludeBy(patterns: readonly string[]): Promise<Matcher> {
  const compiled = await Promise.all(patterns.map(compilePattern))
  return (file) => compiled.some(({ matches }) => matches(file))
}

/** Compiles a pattern. If it matches a folder, it also matches all files in it, as if a shell had expanded it. */
export async function compilePattern(pattern: string): Promise<{ readonly base: string; readonly matches: Matcher }> {
  if (!hasGlobCharacters(pattern)) return { base: pattern, matches: (file) => isWithin(pattern, file) }
  const { default: picomatch } = await import('picomatch')
  const { base, glob } = picomatch.scan(pattern)
  const folder = base === '' ? '.' : base
  const isMatch = picomatch(glob)
  const matches = (file: string) => {
    if (!isWithin(folder, file)) return false
    const steps = relative(folder, file).split(sep)
    return steps.some((_step, index) => isMatch(steps.slice(0, index + 1).join('/')))
  }
  return { base: folder, matches }
}

export function isWithin(folder: string, file: string): boolean {
  const path = relative(folder, file)
  return path !== '..' && !path.startsWith(`..${sep}`)
}
