/** `shapewright compile`: specs to scripts, each with the files that it needs. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createEmitter,
  isGenerated,
  type EmitOptions,
  type EmittedAsset,
  type Emitter,
  type ScriptLanguage,
} from '../backends/emit.ts'
import { emitProject } from '../backends/emitProject.ts'
import { lowerGraph } from '../program/lowerGraph.ts'
import { version } from '../version.ts'
import { checkedSpec } from './checkedSpec.ts'
import { exitCodes, UsageError } from './exitCodes.ts'
import { packageFolder } from './packageFolder.ts'
import { describeSkipped, findSpecs, type SpecSelection } from './findSpecs.ts'
import { writeTextFile } from './specFiles.ts'
import { watchSpecs } from './watchSpecs.ts'
import { createFolder } from '../runtime/createFolder.ts'

export interface CompileOptions {
  readonly outDir: string
  readonly backend: EmitOptions['backend']
  readonly format: ScriptLanguage
  readonly singleFile?: boolean
  readonly project?: boolean
  readonly watch?: boolean
  readonly check?: boolean
  readonly force?: boolean
  readonly quiet?: boolean
}

export async function compileCommand(paths: readonly string[], options: CompileOptions): Promise<number> {
  const emitter = createEmitter()
  if (options.watch === true) return await watchSpecs(paths, (selection) => compileSpecs(selection, options, emitter))
  return await compileSpecs(await findSpecs(paths), options, emitter)
}

async function compileSpecs(
  { files: specs, skipped }: SpecSelection,
  options: CompileOptions,
  emitter: Emitter,
): Promise<number> {
  if (options.project === true && specs.length !== 1)
    throw new UsageError('--project makes one project of one spec', 'name one spec, and a folder with --out-dir')
  if (options.quiet !== true) process.stderr.write(describeSkipped(skipped))
  const stale: string[] = []
  let broken = false
  for (const path of specs) {
    const files = await compileSpec(path, options, emitter)
    if (files === undefined) {
      broken = true
      continue
    }
    const changed = files.filter(({ fileName, content }) => !isSame(join(options.outDir, fileName), content))
    if (options.check === true) stale.push(...changed.map(({ fileName }) => join(options.outDir, fileName)))
    else {
      writeFiles(changed, options)
      if (options.quiet !== true) process.stdout.write(`${join(options.outDir, files[0]!.fileName)}\n`)
    }
  }
  if (stale.length > 0) {
    process.stdout.write(stale.map((file) => `stale: ${file}\n`).join(''))
    process.stderr.write(`\`shapewright compile ${specs.join(' ')} -o ${options.outDir}\` writes them anew\n`)
  }
  return broken || stale.length > 0 ? exitCodes.problems : exitCodes.fine
}

/** The script and then the files that it needs, or undefined where the spec has errors. */
async function compileSpec(
  path: string,
  options: CompileOptions,
  emitter: Emitter,
): Promise<EmittedAsset[] | undefined> {
  const analysis = checkedSpec(path, { quiet: options.quiet })
  if (analysis === undefined) return undefined
  if (!analysis.shaped.complete) {
    const help = 'state the shape of the input, `input: { shape: […] }`, or put the dataset where the spec says'
    throw new UsageError(`${path} cannot be compiled, for not every shape is known`, help)
  }
  const program = lowerGraph(analysis.spec, analysis.shaped)
  const emitOptions: EmitOptions = {
    backend: options.backend,
    language: options.format,
    singleFile: options.singleFile === true,
    specFile: path,
    specText: analysis.source.text,
    version,
  }
  const script = await emitter.emitProgram(program, emitOptions)
  const project = options.project === true ? emitProject(program, script, emitOptions, pinnedVersions()) : []
  const texts = [{ fileName: script.fileName, text: script.text }, ...project]
  return [...texts.map(({ fileName, text }) => ({ fileName, content: Buffer.from(text) })), ...script.assets]
}

/** The versions that Shapewright itself is made with and tested on. */
function pinnedVersions(): (name: string) => string {
  type Versions = Readonly<Record<string, string>>
  const file = readFileSync(new URL('package.json', packageFolder()), 'utf8')
  const { dependencies, optionalDependencies, devDependencies } = JSON.parse(file) as Readonly<Record<string, Versions>>
  const versions: Versions = { ...devDependencies, ...optionalDependencies, ...dependencies }
  return (name) => versions[name]!.replace(/^[\^~]/, '')
}

function isSame(path: string, content: Uint8Array): boolean {
  return existsSync(path) && Buffer.compare(readFileSync(path), content) === 0
}

/** All or none, as far as files of others are concerned. */
function writeFiles(files: readonly EmittedAsset[], { outDir, force }: CompileOptions): void {
  const foreign = files
    .map(({ fileName }) => join(outDir, fileName))
    .filter((path) => existsSync(path) && !isOurs(path))
  if (foreign.length > 0 && force !== true) {
    const names = foreign.join(' and ')
    throw new UsageError(`${names} exists, and shapewright did not write it`, 'choose another --out-dir, or --force')
  }
  createFolder(outDir)
  for (const { fileName, content } of files) writeTextFile(join(outDir, fileName), content)
}

function isOurs(path: string): boolean {
  const content = readFileSync(path)
  return path.endsWith('.wasm') ? content.subarray(0, 4).equals(wasmMagic) : isGenerated(content.toString('utf8'))
}

/** What a WebAssembly module begins with. */
const wasmMagic = Buffer.from('\0asm')
