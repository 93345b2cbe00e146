/** Names samples by the file, line or number that they come from. */
import { basename, dirname, join } from 'node:path'
import type { ReportedSample } from '../../tasks/inspect/inspection.ts'

/** Returns `data/cats/3.png`, `data/iris.csv:17` or `sample 5 of data/x.npz`; without an origin, `test sample 5`, counted from 0. */
export function nameSample({ index, origin }: ReportedSample): string {
  if (origin === undefined) return `test sample ${index}`
  const { file, line, number } = origin
  if (number !== undefined) return `sample ${number} of ${file}`
  return line === undefined ? file : `${file}:${line}`
}

/** Returns a short name, to show below a picture: `cats/3.png`, `iris.csv:17` or `#5`. */
export function nameSampleShortly({ index, origin }: ReportedSample): string {
  if (origin === undefined) return `#${index}`
  const { file, line, number } = origin
  if (number !== undefined) return `#${number}`
  const name = basename(file)
  return line === undefined ? join(basename(dirname(file)), name) : `${name}:${line}`
}
