/** Makes the paths of a section relative to the folder of the spec, if they are written in a file of another folder that it extends. */
import { joinPaths } from '../system/paths.ts'
import { originAt, type Expanded, type Origin } from './origins.ts'
import { movePaths } from './specPaths.ts'

/** Returns the value of a section with its paths. */
export function relocatePaths(section: string, { value, origin }: Expanded): unknown {
  return movePaths(section, value, (path, place) => {
    const folder = folderOfText(originAt(origin, place))
    return folder === '' || folder === '.' ? path : joinPaths(folder, path)
  })
}

/** The folder of the file in which a value is written, following references to it. */
function folderOfText(origin: Origin): string {
  let last = origin
  while (last.names?.[0]?.isWhole === true) last = last.names[0].origin
  return last.written.parent?.folder ?? ''
}
