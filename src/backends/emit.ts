/** Compiles a program to a standalone TypeScript training script: model, data, training, main, linked runtime. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Options } from 'prettier'
import type { Program } from '../program/program.ts'
import { linkRuntime, type LinkedRuntime } from './emit/linkRuntime.ts'
import { printComment } from './emit/printExpression.ts'
import { printImports } from './emit/printImports.ts'
import { printModel } from './emit/printModel.ts'
import { layerNames, printTraining, startLines, trainingNames, type ScriptBackend } from './emit/printTraining.ts'
import { runtimeFolder } from './emit/runtimeFolder.ts'
import {
  createRuntimeLibrary,
  type Declaration,
  type PackageImport,
  type RuntimeLibrary,
} from './emit/runtimeLibrary.ts'
import { stripTypes } from './emit/stripTypes.ts'
import { Project } from './emit/tsMorph.ts'
import { withoutTypes } from './emit/withoutTypes.ts'

export interface EmitOptions {
  readonly backend: ScriptBackend
  /** TypeScript by default. */
  readonly language?: ScriptLanguage
  /** The spec's path as the script's header shows it. */
  readonly specFile: string
  /** The spec itself, of which the header shows the SHA-256. */
  readonly specText: string
  /** Of Shapewright. */
  readonly version: string
}

/** TypeScript; or JavaScript, which any Node runs as it is. */
export type ScriptLanguage = 'ts' | 'js'

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

export function createEmitter(): Emitter {
  const project = new Project({
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    compilerOptions: { noLib: true },
  })
  const library = createRuntimeLibrary(project, runtimeFolder())
  const libraries = { ts: library, js: withoutTypes(library) }
  const formatted = new Map<Declaration, Promise<string>>()
  const printDeclaration = (declaration: Declaration): Promise<string> => {
    const known = formatted.get(declaration) ?? formatDeclaration(declaration)
    formatted.set(declaration, known)
    return known
  }
  return { emitProgram: (program, options) => emitWith({ project, libraries, printDeclaration }, program, options) }
}

/** As an emitter's, for one program. */
export async function emitProgram(program: Program, options: EmitOptions): Promise<EmittedScript> {
  return await createEmitter().emitProgram(program, options)
}

/** Whether a file's text begins as that of a script which we wrote. */
export function isGenerated(text: string): boolean {
  return /^\/\/ Compiled from .* by Shapewright \d/.test(text)
}

interface EmitterParts {
  readonly project: Project
  readonly libraries: Readonly<Record<ScriptLanguage, RuntimeLibrary>>
  readonly printDeclaration: (declaration: Declaration) => Promise<string>
}

async function emitWith(
  { project, libraries, printDeclaration }: EmitterParts,
  program: Program,
  options: EmitOptions,
): Promise<EmittedScript> {
  const { experiment } = program
  const { language = 'ts' } = options
  const library = libraries[language]
  const training = experiment ? trainingNames(experiment, options.backend) : []
  const roots = [...layerNames(program), ...training]
  const linked = linkRuntime(
    library,
    language === 'ts' ? roots : roots.filter((name) => library.find(name).kind !== 'type'),
  )
  const fileName = `${program.name.replace(/[^\w-]/g, '_')}.${extensions[language]}`
  const own = await format(`${printHeader(fileName, options)}\n\n${printOwnPart(project, program, options, linked)}`)
  const runtime = await Promise.all(linked.declarations.map(printDeclaration))
  const below = [
    ...(runtime.length > 0 ? [divider, ...runtime] : []),
    ...(experiment ? [startLines(options.backend)] : []),
  ]
  return {
    fileName,
    text: `${[own.trimEnd(), ...below].join('\n\n')}\n`,
    assets: await Promise.all(linked.assets.map(readAsset)),
  }
}

/** `.mjs` is a module wherever it lies. */
const extensions: Readonly<Record<ScriptLanguage, string>> = { ts: 'ts', js: 'mjs' }

const divider =
  "// ---- Linked from Shapewright's runtime; nothing below is specific to this model. -----------------------------------"

/** No date: equal specs give equal scripts. Line ends differ by platform and are left out of the hash for that. */
function printHeader(fileName: string, { backend, language = 'ts', specFile, specText, version }: EmitOptions): string {
  const sha256 = createHash('sha256').update(specText.replaceAll('\r\n', '\n')).digest('hex')
  const flags = `${backend === 'auto' ? '' : ` --backend ${backend}`}${language === 'ts' ? '' : ` --format ${language}`}`
  return [
    `Compiled from ${specFile} by Shapewright ${version}. Change the spec and compile it again, not this file:`,
    `  npx shapewright compile ${quoteForShell(specFile)}${flags}`,
    `The spec's sha256: ${sha256}`,
    '',
    `Run it with: ${language === 'ts' ? 'npx tsx' : 'node'} ${fileName} (--help says what it takes)`,
  ]
    .map(printComment)
    .map((line) => line.trimEnd())
    .join('\n')
}

function quoteForShell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** What the script declares itself. */
const ownNames = ['buildModel', 'experiment', 'train', 'main', 'seed', '_seed']

/** What is about this model: imports, network, experiment and the functions that run it. */
function printOwnPart(project: Project, program: Program, options: EmitOptions, linked: LinkedRuntime): string {
  const { experiment, name } = program
  const tensorflow: PackageImport = { module: '@tensorflow/tfjs', imported: '*', local: 'tf', isType: false }
  const imports = [tensorflow, ...linked.imports]
  const taken = [
    ...ownNames,
    ...imports.map(({ local }) => local),
    ...linked.declarations.flatMap(({ names }) => names),
  ]
  const statements = [
    ...printImports(imports),
    printModel(program, taken),
    ...(experiment ? printTraining(name, experiment, options.backend) : []),
  ]
  const file = project.createSourceFile('script.ts', { statements }, { overwrite: true })
  const source = file.compilerNode
  const text = options.language !== 'js' ? source.text : stripTypes(source, source, 0, source.end)
  file.forget()
  return text
}

async function formatDeclaration({ text, needsFormat }: Declaration): Promise<string> {
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
