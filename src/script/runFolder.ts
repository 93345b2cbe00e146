/** Creates the run folder. */
import { existsSync, mkdirSync } from 'node:fs'

/** Creates a folder with this name, or with a number appended if the name is taken. */
export function createRunFolder(name: string): string {
  let folder = name
  for (let next = 2; existsSync(folder); next++) folder = `${name}-${next}`
  mkdirSync(folder, { recursive: true })
  return folder
}
