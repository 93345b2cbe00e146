/** The part of a script that is about its model: the header, imports, network, experiment and the functions that run it. */
import { createHash } from 'node:crypto'
import type { StatementStructures } from 'ts-morph'
import type { Program } from '../../program/program.ts'
import { assetName } from './assetsInside.ts'
import type { LinkedRuntime } from './linkRuntime.ts'
import { printComment } from './printExpression.ts'
import { printImports } from './printImports.ts'
import { printModel } from './printModel.ts'
import { printTraining, type ScriptBackend } from './printTraining.ts'
import type { PackageImport } from './runtimeLibrary.ts'
import { stripTypes } from './stripTypes.ts'
import type { Project } from './tsMorph.ts'

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
  /** Whether the assets go into the script, and not beside it. */
  readonly singleFile?: boolean
}

/** TypeScript; or JavaScript, which any Node runs as it is. */
export type ScriptLanguage = 'ts' | 'js'

/**
 * No date: equal specs give equal scripts. Line ends differ by platform and are left out of the hash for that.
 *
 * @param imported The packages that the linked runtime imports when it comes to them.
 */
export function printHeader(fileName: string, options: EmitOptions, imported: readonly string[]): string {
  const { backend, language = 'ts', singleFile = false, specFile, specText, version } = options
  const sha256 = createHash('sha256').update(specText.replaceAll('\r\n', '\n')).digest('hex')
  // Every script needs TensorFlow.js, and finds its own engine.
  const needs = imported.filter((name) => !name.startsWith('@tensorflow/'))
  const flags = [
    ...(backend === 'auto' ? [] : ['--backend', backend]),
    ...(language === 'ts' ? [] : ['--format', language]),
    ...(singleFile ? ['--single-file'] : []),
  ]
  return [
    `Compiled from ${specFile} by Shapewright ${version}. Change the spec and compile it again, not this file:`,
    `  npx shapewright compile ${[quoteForShell(specFile), ...flags].join(' ')}`,
    `The spec's sha256: ${sha256}`,
    '',
    ...(needs.length > 0 ? [`It needs packages: npm install ${needs.join(' ')}`] : []),
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

const tensorflow: PackageImport = { module: '@tensorflow/tfjs', imported: '*', local: 'tf', isType: false }

/** What is about this model: network, experiment and the functions that run it, with the one import that they need. */
export function printOwnPart(project: Project, program: Program, options: EmitOptions, linked: LinkedRuntime): string {
  const { experiment, name } = program
  const taken = [
    ...ownNames,
    tensorflow.local,
    ...linked.imports.map(({ local }) => local),
    ...linked.declarations.flatMap(({ names }) => names),
    ...linked.assets.map(assetName),
  ]
  return printStatements(project, options, [
    ...printImports([tensorflow]),
    printModel(program, taken),
    ...(experiment ? printTraining(name, experiment, options.backend) : []),
  ])
}

/** What the linked runtime imports besides. It stands with it, so that a reader of the network does not wade through it. */
export function printLinkedImports(project: Project, options: EmitOptions, { imports }: LinkedRuntime): string {
  return printStatements(project, options, printImports(imports.filter(({ local }) => local !== tensorflow.local)))
}

function printStatements(
  project: Project,
  { language }: EmitOptions,
  statements: (string | StatementStructures)[],
): string {
  const file = project.createSourceFile('script.ts', { statements }, { overwrite: true })
  const source = file.compilerNode
  const text = language !== 'js' ? source.text : stripTypes(source, source, 0, source.end)
  file.forget()
  return text
}
