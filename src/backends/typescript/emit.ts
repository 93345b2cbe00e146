/** Compiles a program to a standalone training script: model, data, training, main, linked runtime. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Options } from 'prettier'
import type { Program } from '../../program/program.ts'
import { printAsset, withAssetsInside } from './assetsInside.ts'
import { importedPackages } from './importedPackages.ts'
import { loadLinkableRuntime } from './linkableRuntime.ts'
import { linkRuntime } from './linkRuntime.ts'
import { printHeader, printLinkedImports, printOwnPart, type EmitOptions, type ScriptLanguage } from './printOwnPart.ts'
import { layerNames, startLines, trainingNames } from './printTraining.ts'
import type { Declaration, RuntimeLibrary } from './runtimeLibrary.ts'
import { Project } from './tsMorph.ts'

export type { EmitOptions, ScriptLanguage } from './printOwnPart.ts'

export interface EmittedScript {
  readonly fileName: string
  readonly text: string
  /** Files that belong beside the script. */
  readonly assets: readonly EmittedAsset[]
}

export interface EmittedAsset {
  readonly fileName: string
  readonly content: Uint8Array
}

/** Emits scripts, and reads what it needs of the runtime's sources once for all of them. */
export interface Emitter {
  emitProgram(program: Program, options: EmitOptions): Promise<EmittedScript>
}

/** @param load Where it takes the runtime from. */
export function createEmitter(load = loadLinkableRuntime): Emitter {
  const project = new Project({
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    compilerOptions: { noLib: true },
  })
  const beside = load(project)
  const inside = { ts: withAssetsInside(beside.ts), js: withAssetsInside(beside.js) }
  const libraryFor = ({ language = 'ts', singleFile }: EmitOptions) => (singleFile === true ? inside : beside)[language]
  const formatted = new Map<Declaration, Promise<string>>()
  const printDeclaration = (declaration: Declaration): Promise<string> => {
    const known = formatted.get(declaration) ?? formatDeclaration(declaration)
    formatted.set(declaration, known)
    return known
  }
  return { emitProgram: (program, options) => emitWith({ project, libraryFor, printDeclaration }, program, options) }
}

/** As an emitter's, for one program. */
export async function emitProgram(program: Program, options: EmitOptions): Promise<EmittedScript> {
  return await createEmitter().emitProgram(program, options)
}

interface EmitterParts {
  readonly project: Project
  readonly libraryFor: (options: EmitOptions) => RuntimeLibrary
  readonly printDeclaration: (declaration: Declaration) => Promise<string>
}

async function emitWith(
  { project, libraryFor, printDeclaration }: EmitterParts,
  program: Program,
  options: EmitOptions,
): Promise<EmittedScript> {
  const { experiment } = program
  const { language = 'ts' } = options
  const library = libraryFor(options)
  const training = experiment ? trainingNames(experiment, options.backend) : []
  const roots = [...layerNames(program), ...training]
  const linked = linkRuntime(
    library,
    language === 'ts' ? roots : roots.filter((name) => library.find(name).kind !== 'type'),
  )
  const fileName = scriptFileName(program.name, language)
  const needed = importedPackages(linked.declarations.map(({ text }) => text).join('\n'))
  const header = printHeader(fileName, options, needed)
  const own = await format(`${header}\n\n${printOwnPart(project, program, options, linked)}`)
  const imports = (await format(printLinkedImports(project, options, linked))).trimEnd()
  const runtime = await Promise.all(linked.declarations.map(printDeclaration))
  const assets = await Promise.all(linked.assets.map(readAsset))
  const isInside = options.singleFile === true
  const below = [
    ...(runtime.length > 0 ? [divider, ...(imports === '' ? [] : [imports]), ...runtime] : []),
    ...(isInside ? assets.map(({ fileName: path, content }) => printAsset(path, content)) : []),
    ...(experiment ? [startLines(options.backend)] : []),
  ]
  return {
    fileName,
    text: `${[own.trimEnd(), ...below].join('\n\n')}\n`,
    assets: isInside ? [] : assets,
  }
}

/** Where a program of that name is written, in the folder that is asked for: no name leads out of it. */
export function scriptFileName(name: string, language: ScriptLanguage): string {
  return `${name.replace(/[^\w-]/g, '_')}.${extensions[language]}`
}

/** `.mjs` is a module wherever it lies. */
const extensions: Readonly<Record<ScriptLanguage, string>> = { ts: 'ts', js: 'mjs' }

const divider =
  "// ---- Linked from Shapewright's runtime; nothing below is specific to this model. -----------------------------------"

/** A declaration as it stands in a script. */
export async function formatDeclaration({ text, needsFormat }: Declaration): Promise<string> {
  return needsFormat ? (await format(text)).trimEnd() : text
}

/** That of the runtime's own sources. `babel-ts` takes half the time of `typescript`, and the tests compare the two. */
const style: Options = { parser: 'babel-ts', semi: false, singleQuote: true, printWidth: 120 }

async function format(text: string): Promise<string> {
  const [{ format: run }, estree, babel] = await Promise.all([
    import('prettier/standalone'),
    import('prettier/plugins/estree'),
    import('prettier/plugins/babel'),
  ])
  return await run(text, { ...style, plugins: [estree.default, babel.default] })
}

async function readAsset(path: string): Promise<EmittedAsset> {
  return { fileName: basename(path), content: new Uint8Array(await readFile(path)) }
}
