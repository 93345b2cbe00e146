/** One case of the fuzz of imports: a mutated file, and what becomes of it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkText } from '../../../src/analyze.ts'
import { isKnownError } from '../../../src/system/knownError.ts'
import { nodeHost } from '../../../src/system/nodeHost.ts'
import { encodeZip } from '../../../src/tasks/export/zipArchive.ts'
import { importFile } from '../../../src/tasks/import/importFile.ts'
import { RandomSource, seedOfCase } from '../randomSource.ts'
import { mutateFile } from './mutateFile.ts'
import type { SourceFiles } from './sourceFiles.ts'

/** How a file may be answered: with a spec, with diagnostics, or with an error that has a code. */
export type Outcome = 'imported' | 'diagnostics' | 'refused'

export interface Case {
  readonly format: string
  readonly outcome: Outcome | undefined
  /** The mistake: anything but these outcomes, or a file outside of the folder. */
  readonly problem?: string
}

/** @param folder A folder of its own, which is emptied. */
export async function runCase(
  sources: readonly SourceFiles[],
  folder: string,
  seed: number,
  index: number,
): Promise<Case> {
  const random = new RandomSource(seedOfCase(seed, index))
  const source = random.pick(sources)
  const path = await writeMutated(source, join(folder, 'in'), random)
  const out = join(folder, 'out')
  try {
    const outcome = path.endsWith('.safetensors') ? checkWeights(join(folder, 'in')) : await outcomeOf(path, out)
    const stray = readdirSync(folder).filter((name) => name !== 'in' && name !== 'out')
    return { format: source.format, outcome, ...(stray.length > 0 && { problem: `it wrote ${stray.join(', ')}` }) }
  } catch (error) {
    if (isKnownError(error)) return { format: source.format, outcome: 'refused' }
    const problem = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { format: source.format, outcome: undefined, problem }
  }
}

/** Writes the files of a source, one of them mutated, and returns the path of the first. */
async function writeMutated(source: SourceFiles, folder: string, random: RandomSource): Promise<string> {
  const around = join(folder, '..')
  for (const name of existsSync(around) ? readdirSync(around) : []) rmSync(join(around, name), { recursive: true })
  mkdirSync(folder, { recursive: true })
  const names = [...source.files.keys()].filter((name) => name !== 'net.yaml')
  const changed = random.pick(names)
  const files = [...source.files].map(([name, bytes]): [string, Uint8Array] => [
    name,
    name === changed ? mutateFile(bytes, random) : bytes,
  ])
  if (source.isArchive) {
    const path = join(folder, 'model.keras')
    const members = files.map(([name, bytes]): [string, Buffer] => [name, Buffer.from(bytes)])
    writeFileSync(path, Buffer.concat(await encodeZip(members, '')))
    return path
  }
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes)
  return join(folder, files[0]![0])
}

async function outcomeOf(path: string, out: string): Promise<Outcome> {
  const { problems, files } = await importFile(path, { out })
  const isEmpty = problems.some(({ place, message }) => place === '' || message === '')
  if (isEmpty) throw new Error('a problem has no place or no message')
  if (problems.length > 0) return 'diagnostics'
  const { diagnostics } = checkText(readFileSync(files[0]!, 'utf8'), files[0]!, { host: nodeHost })
  const error = diagnostics.find(({ severity }) => severity === 'error')
  if (error !== undefined) throw new Error(`the written spec has an error: ${error.code} ${error.message}`)
  return 'imported'
}

function checkWeights(folder: string): Outcome {
  const path = join(folder, 'net.yaml')
  const { diagnostics } = checkText(readFileSync(path, 'utf8'), path, { host: nodeHost })
  return diagnostics.some(({ severity }) => severity === 'error') ? 'diagnostics' : 'imported'
}
