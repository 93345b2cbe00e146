/** The files that the page may read and write: those of one folder, without links that lead out of it. */
import { createHash } from 'node:crypto'
import { closeSync, existsSync, lstatSync, mkdirSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path'
import { looksLikeSpec } from '../../source/looksLikeSpec.ts'
import type { FolderEntry } from '../../system/host.ts'
import { isInside } from '../../system/insideFolder.ts'
import { KnownError } from '../../system/knownError.ts'
import { fileSizeLimits, openRegularFile, readRegularFile } from '../../system/regularFile.ts'
import { replaceFile } from '../../system/replaceFile.ts'
import { isSpecOfRun } from '../../system/runFiles.ts'
import type { FolderView, SpecText } from '../calls.ts'

/** The most specs that are listed, and the deepest folder that is searched. */
const [mostSpecs, mostLevels] = [2000, 8]

/** The most bytes that one call reads of a data file. */
const mostBytes = 8e6

export class SpecFolder {
  /** The real path of the folder. */
  readonly root: string

  /** @throws KnownError if it is not a folder. */
  constructor(folder: string) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new KnownError('usage', `there is no folder ${folder}`, 'pass an existing folder; the default is this one')
    this.root = realpathSync(folder)
  }

  /**
   * Returns the absolute path of a file or folder, which may not exist yet.
   *
   * @throws KnownError if it is outside of the folder, by its name or by a link.
   */
  locate(path: string): string {
    const steps = path.split('/')
    const isStrange = path === '' || path.includes('\0') || path.includes('\\') || steps.includes('..')
    const place = resolve(this.root, path)
    if (isStrange || !isInside(this.root, place)) throw outside(path)
    // The nearest parent that exists decides, because the rest of the path cannot be a link.
    let existing = place
    while (!isThere(existing)) existing = dirname(existing)
    if (!isInside(this.root, realPathOf(existing, path))) throw outside(path)
    return place
  }

  /** The path of a file as the page writes it; undefined if it is outside. */
  nameOf(place: string): string | undefined {
    const absolute = resolve(this.root, place)
    const real = existsSync(absolute) ? realpathSync(absolute) : absolute
    return isInside(this.root, real) ? relative(this.root, real).split(sep).join('/') : undefined
  }

  list(): FolderView {
    const specs: { path: string }[] = []
    const visit = (folder: string, levels: number) => {
      const entries = readEntries(folder)
      if (isSpecOfRun(entries.map(({ name }) => name))) return
      for (const entry of entries.toSorted((a, b) => a.name.localeCompare(b.name))) {
        const { name } = entry
        const place = join(folder, name)
        if (name.startsWith('.') || name === 'node_modules' || specs.length >= mostSpecs) continue
        if (entry.isDirectory() && levels < mostLevels) visit(place, levels + 1)
        else if (entry.isFile() && isYaml(name) && isSpec(place))
          specs.push({ path: relative(this.root, place).split(sep).join('/') })
      }
    }
    visit(this.root, 0)
    return { name: basename(this.root) || this.root, specs }
  }

  /** @throws KnownError if it is not a YAML file of the folder, or not UTF-8. */
  readSpec(path: string): SpecText {
    const place = this.#locateSpec(path)
    if (!isThere(place)) throw new KnownError('usage', `there is no file ${path}`, 'it may have been moved or removed')
    return specText(path, readRegularFile(place, fileSizeLimits.spec))
  }

  /**
   * Writes a spec, whole or not at all.
   *
   * @param version The version that the new text is based on; null for a new file.
   * @throws KnownError if the file has changed since, or the system refuses.
   */
  writeSpec(path: string, text: string, version: string | null): SpecText {
    const place = this.#locateSpec(path)
    const present = isThere(place) ? versionOf(readRegularFile(place, fileSizeLimits.spec)) : null
    if (present !== version) {
      const another = `was ${present === null ? 'removed' : 'changed'} by another program`
      const what = version === null ? 'already exists' : another
      throw new KnownError('output', `${path} ${what}`, 'read it again, or save under another name')
    }
    const bytes = Buffer.from(text)
    if (bytes.length > fileSizeLimits.spec)
      throw new KnownError('output', `${path} would have ${bytes.length} bytes`, 'make the spec shorter')
    mkdirSync(dirname(place), { recursive: true })
    replaceFile(place, [bytes])
    return specText(path, bytes)
  }

  #locateSpec(path: string): string {
    if (!isYaml(path)) throw new KnownError('usage', `${path} is not a YAML file`, 'specs end in .yaml or .yml')
    return this.locate(path)
  }

  /** The size of a file; undefined if it is missing. */
  sizeOf(path: string): number | undefined {
    const found = statSync(this.locate(path), { throwIfNoEntry: false })
    return found?.isFile() === true ? found.size : undefined
  }

  /** The entries of a folder; undefined if it is missing. */
  entriesOf(path: string): FolderEntry[] | undefined {
    const place = this.locate(path)
    if (statSync(place, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined
    return readEntries(place).map((entry) => ({
      name: entry.name,
      kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'other',
    }))
  }

  readPart(path: string, start: number, length: number): Buffer {
    const { file } = openRegularFile(this.locate(path))
    try {
      const bytes = Buffer.alloc(Math.min(length, mostBytes))
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start))
    } finally {
      closeSync(file)
    }
  }
}

function specText(path: string, bytes: Buffer): SpecText {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return { path, text, version: versionOf(bytes) }
  } catch {
    throw new KnownError('usage', `${path} is not UTF-8 text`, 'save it as UTF-8')
  }
}

function versionOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 24)
}

function isYaml(name: string): boolean {
  return ['.yaml', '.yml'].includes(extname(name).toLowerCase())
}

function isSpec(place: string): boolean {
  try {
    return looksLikeSpec(readRegularFile(place, fileSizeLimits.spec).toString('utf8'))
  } catch {
    return false
  }
}

/** Whether something has this name, even a link that leads nowhere. */
function isThere(place: string): boolean {
  return lstatSync(place, { throwIfNoEntry: false }) !== undefined
}

/** @throws KnownError for a link that leads nowhere, because what it would create may be outside. */
function realPathOf(place: string, path: string): string {
  try {
    return realpathSync(place)
  } catch {
    throw outside(path)
  }
}

function readEntries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

function outside(path: string): KnownError {
  return new KnownError('usage', `${path} is not in the folder of the studio`, 'start the studio in a folder above it')
}
