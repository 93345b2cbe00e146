/** Reads the reports of runs and sweeps in the folder. */
import { fileSizeLimits, readRegularFile } from '../../system/regularFile.ts'
import { reportFile } from '../../system/runFiles.ts'
import { securityHeaders } from './access.ts'
import type { SpecFolder } from './specFolder.ts'

/**
 * A report has its scripts in it, and its file may be from anywhere: it is shown in a sandbox, as a page of no origin, which can
 * reach neither the server nor anything else.
 */
export const reportHeaders = {
  ...securityHeaders,
  'content-security-policy':
    "sandbox allow-scripts allow-popups; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:",
  'content-type': 'text/html; charset=utf-8',
}

/**
 * @param path `/reports/FOLDER`.
 * @returns Undefined if the path is another one, or the folder has no report.
 * @throws KnownError if the folder is outside of the studio's.
 */
export function readReport(folder: SpecFolder, path: string): Uint8Array | undefined {
  const [, run] = /^\/reports\/(.+)$/.exec(path) ?? []
  if (run === undefined) return undefined
  const place = `${run}/${reportFile}`
  return folder.sizeOf(place) === undefined ? undefined : readRegularFile(folder.locate(place), fileSizeLimits.text)
}
