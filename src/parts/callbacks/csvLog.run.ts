import { appendFileSync, existsSync } from 'node:fs'

export interface CsvLogOptions {
  /** The separator of values; a comma by default. */
  readonly separator?: string
}

/** Appends the logs of an epoch to a table with a header of their names, as Keras's CSVLogger does. */
export function appendCsvLine(
  path: string,
  logs: Readonly<Record<string, number>>,
  { separator = ',' }: CsvLogOptions = {},
): void {
  if (!existsSync(path)) appendFileSync(path, `${Object.keys(logs).join(separator)}\n`)
  appendFileSync(path, `${Object.values(logs).join(separator)}\n`)
}
