/** What a sample is called: by the file, line or number that it comes from. */
import { basename, dirname, join } from 'node:path'
import type { JudgedSample } from '../../tasks/inspect/inspection.ts'

/** `data/cats/3.png`, `data/iris.csv:17`, `sample 5 of data/x.npz`; without an origin, `test sample 5`, counted from 0. */
export function nameSample({ index, origin }: JudgedSample): string {
  if (origin === undefined) return `test sample ${index}`
  const { file, line, number } = origin
  if (number !== undefined) return `sample ${number} of ${file}`
  return line === undefined ? file : `${file}:${line}`
}

/** The same in a few letters, below a picture: `cats/3.png`, `iris.csv:17`, `#5`. */
export function nameSampleShortly({ index, origin }: JudgedSample): string {
  if (origin === undefined) return `#${index}`
  const { file, line, number } = origin
  if (number !== undefined) return `#${number}`
  const name = basename(file)
  return line === undefined ? join(basename(dirname(file)), name) : `${name}:${line}`
}
