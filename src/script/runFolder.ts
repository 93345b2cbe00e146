/** The folder of a run. */
import { existsSync, mkdirSync } from 'node:fs'

/** Creates the folder; where there is one of that name, one with a number behind it. */
export function createRunFolder(name: string): string {
  let folder = name
  for (let next = 2; existsSync(folder); next++) folder = `${name}-${next}`
  mkdirSync(folder, { recursive: true })
  return folder
}
