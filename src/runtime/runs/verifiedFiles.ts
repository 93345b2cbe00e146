/** Reads run files, verified against the manifest. */
import { join } from 'node:path'
import { KnownError } from '../../system/knownError.ts'
import { type JsonFields, readRecord } from '../../system/parseRecord.ts'
import { fileSizeLimits, readWholeFile } from '../../system/regularFile.ts'
import { modelFiles, runFiles } from '../../system/runFiles.ts'
import { fileFailure } from '../../system/systemError.ts'
import { type FileState, type ManifestContent, readManifest, stateOf } from './runManifest.ts'

/** A run folder with the manifest that verifies its files. */
export interface RunFiles {
  readonly folder: string
  /** Missing for runs of versions that wrote none: nothing can be verified then. */
  readonly manifest: ManifestContent | undefined
}

/** @throws KnownError if the manifest of the run is missing or damaged. */
export async function openRunFiles(folder: string): Promise<RunFiles> {
  const manifest = await readManifest(folder)
  if (manifest === undefined) {
    const environment = await readWholeFile(join(folder, runFiles.environment), fileSizeLimits.text).then(
      String,
      () => '',
    )
    if (environment.includes(`"${runFiles.manifest}"`)) {
      throw new KnownError(
        'run', `${join(folder, runFiles.manifest)} is missing, so the other files of the run cannot be verified.`,
        'Copy it from a backup, or train again. The checkpoints contain their own checksums.',
      )
    }
  }
  return { folder, manifest }
}

/**
 * Reads a run file.
 *
 * @returns Undefined if it is missing and may be missing.
 * @throws KnownError if it is not as the run wrote it.
 */
export async function readVerified({ folder, manifest }: RunFiles, name: string): Promise<Buffer | undefined> {
  const path = join(folder, name)
  const content = await readIfThere(path)
  const problem = await findDamage(manifest, name, content)
  if (problem === undefined) return content ?? undefined
  // A training process may have written both since the manifest was read.
  const later = (await readManifest(folder)) ?? manifest
  const again = await readIfThere(path)
  if ((await findDamage(later, name, again)) === undefined) return again ?? undefined
  throw new KnownError('run', `${path} ${problem}.`, helpWith(folder, name))
}

/**
 * Reads a JSON file of the run.
 *
 * @returns Undefined if it is missing and may be missing.
 * @throws KnownError if it is not as the run wrote it, or its content has another form.
 */
export async function readVerifiedRecord<Fields>(
  files: RunFiles,
  name: string,
  fields: JsonFields,
): Promise<Fields | undefined> {
  const content = await readVerified(files, name)
  if (content === undefined) return undefined
  const { folder } = files
  return readRecord(`${content}`, fields, { path: join(folder, name), code: 'run', help: helpWith(folder, name) })
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readWholeFile(path, fileSizeLimits.data)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null
    const why = fileFailure(error)
    if (why === undefined) throw error
    throw new KnownError('run', `${path} cannot be read: ${why}.`, 'Copy it from a backup, or train again.')
  }
}

async function findDamage(
  manifest: ManifestContent | undefined,
  name: string,
  content: Buffer | null,
): Promise<string | undefined> {
  const states = manifest?.files[name]
  if (states === undefined) return undefined
  const mayGrow = manifest?.state === 'open' && name.endsWith('.jsonl')
  if (states.some((state) => isState(content, state, mayGrow))) return undefined
  if (content === null) return 'is missing'
  const [expected] = states
  return expected && expected.bytes !== content.length
    ? `is damaged: it has ${content.length} bytes instead of ${expected.bytes}`
    : 'is damaged: its checksum does not match that of the manifest'
}

function isState(content: Buffer | null, state: FileState, mayGrow: boolean): boolean {
  if (content === null || state === null) return content === state
  if (mayGrow ? content.length < state.bytes : content.length !== state.bytes) return false
  return stateOf(content.subarray(0, state.bytes))?.sha256 === state.sha256
}

function helpWith(folder: string, name: string): string {
  const resume = `\`shapewright train --resume ${folder}\``
  if (name === `${runFiles.model}/${modelFiles.weights}`) {
    return `Use the weights of a checkpoint with --checkpoint, or run ${resume} to write the model again.`
  }
  if (name.startsWith(`${runFiles.model}/`)) return `Run ${resume} to write the model again.`
  const { metrics, evaluation, inspection } = runFiles
  if ([metrics, evaluation, inspection].some((one) => one === name)) return `Run ${resume} to write it again.`
  return 'Copy it from a backup, or train again.'
}
