/** Knows which values of a spec are paths, which are moved where a spec is read from another folder. */
import type { Path } from '../diagnostics/diagnostic.ts'
import { datasetTable } from '../parts/datasets/table.ts'
import { isAbsolutePath } from '../system/paths.ts'
import { isMap } from './blocks.ts'
import { mapOf } from './expandValue.ts'

/**
 * Replaces the relative paths of a section: those of the dataset, and that of the file of weights.
 *
 * @param move Returns the new path. `place` leads to it inside the section.
 */
export function movePaths(section: string, value: unknown, move: (path: string, place: Path) => string): unknown {
  if (!isMap(value)) return value
  if (section === 'weights') return moveOptions(value, ['from'], [], move)
  if (section !== 'dataset') return value
  const moved = Object.entries(value).map(([type, options]) => {
    if (!isMap(options) || !Object.hasOwn(datasetTable, type)) return [type, options] as const
    return [type, moveOptions(options, datasetTable[type]?.paths ?? ['path'], [type], move)] as const
  })
  return mapOf(moved)
}

function moveOptions(
  options: Readonly<Record<string, unknown>>,
  paths: readonly string[],
  place: Path,
  move: (path: string, place: Path) => string,
): unknown {
  const moved = Object.entries(options).map(([key, value]) => {
    const isRelative = paths.includes(key) && typeof value === 'string' && !isAbsolutePath(value)
    return [key, isRelative ? move(value, [...place, key]) : value] as const
  })
  return mapOf(moved)
}
