/** Reads the files that specs extend, through the host of the analysis. */
import { parseSource, type ParsedSource } from '../source/source.ts'
import type { Host } from '../system/host.ts'
import { folderOf } from '../system/paths.ts'
import { isKnownError } from '../system/knownError.ts'

/** The parsed file, or the reason why it could not be read. */
export type ParentText = ParsedSource | Unreadable

export interface Unreadable {
  /** A clause: `there is no file base.yaml`. */
  readonly problem: string
  readonly help: string
  /** Whether the file may be fine, but no files can be read here. */
  readonly isUnknown?: boolean
  /** The specs in the folder of a file that is missing. */
  readonly neighbours?: readonly string[]
}

export type ReadParent = (file: string) => ParentText

const mostBytes = 10_000_000

/** Returns a function that reads and parses each file once. */
export function createParentReader(host: Host | undefined): ReadParent {
  const known = new Map<string, ParentText>()
  return (file) => {
    const found = known.get(file) ?? (host === undefined ? withoutHost(file) : readParent(host, file))
    known.set(file, found)
    return found
  }
}

/** Returns a reader that takes the texts of some files from `texts`, where they may have been changed. */
export function withTexts(read: ReadParent, texts: ReadonlyMap<string, string>): ReadParent {
  return (file) => {
    const text = texts.get(file)
    const found = read(file)
    const isChanged = text !== undefined && !('problem' in found) && found.source.text !== text
    return isChanged ? parseSource(text, file) : found
  }
}

function withoutHost(file: string): Unreadable {
  return {
    problem: `${file} could not be checked, because files cannot be read here`,
    help: 'what the spec takes from it is not known; `shapewright check` on the command line reads it',
    isUnknown: true,
  }
}

function readParent(host: Host, file: string): ParentText {
  try {
    const size = host.size(file)
    if (size === undefined) return missing(host, file)
    if (size > mostBytes) {
      return { problem: `${file} has ${Math.round(size / 1e6)} MB, too many for a spec`, help: 'extend another file' }
    }
    const bytes = host.read(file, { start: 0, length: size })
    return parseSource(new TextDecoder('utf-8', { fatal: true }).decode(bytes), file)
  } catch (error) {
    if (isKnownError(error)) return { problem: error.message, help: error.help }
    if (error instanceof TypeError) return { problem: `${file} is not UTF-8 text`, help: 'save it as UTF-8' }
    return { problem: `${file} cannot be read`, help: 'extend a file that can be read' }
  }
}

function missing(host: Host, file: string): Unreadable {
  if (host.list(file) !== undefined) {
    return { problem: `${file} is a folder`, help: 'extend a file in it, such as `extends: ./parent.yaml`' }
  }
  return {
    problem: `there is no file ${file}`,
    help: 'the path of a parent is relative to the folder of the file that extends it',
    neighbours: specsIn(host, folderOf(file)),
  }
}

/** The names of YAML files among the first thousand entries of a folder. */
function specsIn(host: Host, folder: string): string[] {
  const names: string[] = []
  let seen = 0
  for (const { name } of host.list(folder) ?? []) {
    seen += 1
    if (seen > 1000) break
    if (/\.ya?ml$/.test(name)) names.push(name)
  }
  return names
}
