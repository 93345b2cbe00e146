/**
 * Keeps the manifest of a run: the checksums of its files, correct at any moment at which the process may be killed.
 */
import { createHash, type Hash } from 'node:crypto'
import { appendFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { KnownError } from '../../system/knownError.ts'
import { parseRecord } from '../../system/parseRecord.ts'
import { writeFileWhole, writeFolderWhole } from './writeWhole.ts'
import { fileSizeLimits, readWholeFile } from '../../system/regularFile.ts'
import { runFiles } from '../../system/runFiles.ts'
import { writeRunFile } from './runFileError.ts'

/** The size and checksum of a file; `null` if the file does not exist. */
export type FileState = { readonly bytes: number; readonly sha256: string } | null

export interface ManifestContent {
  readonly version: 1
  /** `open` while the run is being trained; then `metrics.jsonl` may have more lines than the manifest states. */
  readonly state: 'open' | 'interrupted' | 'finished'
  /**
   * The possible states of each file. Before a file is changed, the manifest states its new content beside the present
   * one, so that it is correct at any moment at which the process may be killed.
   */
  readonly files: Readonly<Record<string, readonly FileState[]>>
}

/** Writes the files of a run, and their checksums into its manifest. */
export class RunManifest {
  readonly #folder: string
  /** The possible states of each file. */
  readonly #files = new Map<string, readonly FileState[]>()
  #state: ManifestContent['state'] = 'open'
  #savedAt = performance.now()
  /** The running hash of the file that lines are appended to. */
  #lines: { readonly name: string; readonly hash: Hash; bytes: number } | undefined

  constructor(folder: string, content?: ManifestContent) {
    this.#folder = folder
    for (const [name, states] of Object.entries(content?.files ?? {})) this.#files.set(name, states)
  }

  /**
   * Writes run files, one after the other; `null` removes one.
   *
   * @throws KnownError if the system refuses, or another process has taken over the run.
   */
  async write(files: Readonly<Record<string, string | null>>): Promise<void> {
    const states = await this.#announce(files)
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.#folder, name)
      await writeRunFile(path, () => (content === null ? rm(path, { force: true }) : writeFileWhole(path, [content])))
      this.#confirm(name, content, states)
    }
  }

  /** Writes a folder of the run, which appears only when complete. */
  async writeFolder(name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    const inRun = Object.fromEntries(Object.entries(files).map(([file, content]) => [`${name}/${file}`, content]))
    const states = await this.#announce(inRun, [null])
    const path = join(this.#folder, name)
    await writeRunFile(path, () =>
      writeFolderWhole(path, async (written) => {
        for (const [file, content] of Object.entries(files)) await writeFileWhole(join(written, file), [content])
      }),
    )
    for (const [file, content] of Object.entries(inRun)) this.#confirm(file, content, states)
  }

  /** Appends lines to a run file. The manifest states them a few seconds later at most, or with the next change. */
  async append(name: string, lines: string): Promise<void> {
    const path = join(this.#folder, name)
    await writeRunFile(path, () => appendFile(path, lines))
    if (this.#lines?.name !== name) this.#lines = { name, hash: createHash('sha256'), bytes: 0 }
    this.#lines.hash.update(lines)
    this.#lines.bytes += Buffer.byteLength(lines)
    this.#files.set(name, [{ bytes: this.#lines.bytes, sha256: this.#lines.hash.copy().digest('hex') }])
    if (performance.now() - this.#savedAt > 5000) await this.#save()
  }

  /** Records that the run has ended. */
  async close(state: 'interrupted' | 'finished'): Promise<void> {
    this.#state = state
    await this.#save()
  }

  /**
   * Adds the new state of each file to the manifest before the files are written.
   *
   * @returns The new state of each file.
   */
  async #announce(
    files: Readonly<Record<string, string | Uint8Array | null>>,
    besides: readonly FileState[] = [],
  ): Promise<ReadonlyMap<string, FileState>> {
    this.#state = 'open'
    const states = new Map(Object.entries(files).map(([name, content]) => [name, stateOf(content)]))
    for (const [name, state] of states) {
      const present = this.#files.get(name) ?? [await readState(join(this.#folder, name))]
      this.#files.set(name, distinctStates([state, ...present, ...besides]))
    }
    await this.#save()
    return states
  }

  #confirm(name: string, content: string | Uint8Array | null, states: ReadonlyMap<string, FileState>): void {
    this.#files.set(name, [states.get(name) ?? null])
    if (this.#lines?.name === name) this.#lines = undefined
    if (name.endsWith('.jsonl') && typeof content === 'string') {
      this.#lines = { name, hash: createHash('sha256').update(content), bytes: Buffer.byteLength(content) }
    }
  }

  async #save(): Promise<void> {
    const files = Object.fromEntries([...this.#files].filter(([, states]) => states.some((state) => state !== null)))
    const path = join(this.#folder, runFiles.manifest)
    this.#savedAt = performance.now()
    await writeRunFile(path, () => writeFileWhole(path, [encodeManifest({ version: 1, state: this.#state, files })]))
  }
}

/** The manifest of a run that this process trains; undefined for any other folder. */
export function openManifest(folder: string): RunManifest | undefined {
  return openManifests.get(resolve(folder))
}

/**
 * Starts the manifest of a run that this process has locked.
 *
 * @param content The manifest of a run that is resumed.
 */
export function keepManifest(folder: string, content?: ManifestContent): RunManifest {
  const manifest = new RunManifest(folder, content)
  openManifests.set(resolve(folder), manifest)
  return manifest
}

/** The manifests that this process keeps, by folder. */
const openManifests = new Map<string, RunManifest>()

/**
 * Reads the manifest of a run.
 *
 * @returns Undefined if the run has no manifest.
 * @throws KnownError if it is damaged.
 */
export async function readManifest(folder: string): Promise<ManifestContent | undefined> {
  const path = join(folder, runFiles.manifest)
  const text = await readWholeFile(path, fileSizeLimits.text).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const content = decodeManifest(text.toString('utf8'))
  if (content) return content
  throw new KnownError(
    'run', `${path} is damaged, so the other files of the run cannot be verified.`,
    'Copy it from a backup, or train again. The checkpoints contain their own checksums.',
  )
}

/** Formats a manifest as JSON whose last field is the checksum of the others. */
function encodeManifest(content: ManifestContent): string {
  return `${JSON.stringify({ ...content, sha256: digestOf(JSON.stringify(content)) }, null, 2)}\n`
}

/** @returns Undefined if the text is not an intact manifest. */
export function decodeManifest(text: string): ManifestContent | undefined {
  const fields = { version: 'number', state: 'string', files: { '*': 'list' }, sha256: 'string' } as const
  const found = parseRecord<ManifestContent & { readonly sha256: string }>(text, fields)
  if (found === undefined) return undefined
  const { sha256, ...content } = found
  return digestOf(JSON.stringify(content)) === sha256 ? content : undefined
}

export function stateOf(content: string | Uint8Array | null): FileState {
  if (content === null) return null
  return { bytes: typeof content === 'string' ? Buffer.byteLength(content) : content.length, sha256: digestOf(content) }
}

/** Removes repeated states. */
function distinctStates(states: readonly FileState[]): FileState[] {
  return [...new Map(states.map((state) => [state?.sha256, state])).values()]
}

async function readState(path: string): Promise<FileState> {
  const content = await readWholeFile(path, fileSizeLimits.data).catch(() => null)
  return stateOf(content)
}

function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
