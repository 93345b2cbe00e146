/** Makes the paths of a dataset relative to the folder of the spec, if they are written in a file of another folder that it extends. */
import { lookUp } from '../language/schema.ts'
import { datasetTable } from '../parts/datasets/table.ts'
import { isAbsolutePath, joinPaths } from '../system/paths.ts'
import { isMap } from './blocks.ts'
import { mapOf } from './expandValue.ts'
import { originAt, type Expanded, type Origin } from './origins.ts'

/** Returns the value of `dataset` with its paths. */
export function relocateDataset({ value, origin }: Expanded): unknown {
  const [type] = isMap(value) ? Object.keys(value) : []
  const options = type === undefined ? undefined : (value as Readonly<Record<string, unknown>>)[type]
  if (type === undefined || !isMap(options) || !Object.hasOwn(datasetTable, type)) return value
  const paths = lookUp(datasetTable, type).paths ?? ['path']
  const moved = paths.flatMap((option): [string, string][] => {
    const path = options[option]
    const folder = folderOfText(originAt(origin, [type, option]))
    if (typeof path !== 'string' || isAbsolutePath(path) || folder === '' || folder === '.') return []
    return [[option, joinPaths(folder, path)]]
  })
  if (moved.length === 0) return value
  const changed = mapOf(Object.entries({ ...options, ...Object.fromEntries(moved) }))
  return mapOf(Object.entries({ ...(value as object), [type]: changed }))
}

/** The folder of the file in which a value is written, following references to it. */
function folderOfText(origin: Origin): string {
  let last = origin
  while (last.names?.[0]?.isWhole === true) last = last.names[0].origin
  return last.written.parent?.folder ?? ''
}
