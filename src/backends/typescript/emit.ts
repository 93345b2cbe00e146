/**
 * Compiles a program to a standalone training script: model, data, training and main, with the functions of src/script
 * and of `X.run.ts` that they call linked in. Tests and other programs use the exports of a script:
 *
 * - `buildModel(seed)`: the untrained network.
 * - `loadData(folder?)`: its samples; `readBatch` of src/script/batches.ts reads batches of them.
 * - `training`: epochs, batchSize, learningRate and seed of the spec.
 * - `createTrainer(model, training)`: `network` (the model as training applies it), `variables`, `optimizer` and more.
 * - `trainStep(trainer, batch, logs, share, position?)`: one step; it adds the measures of the batch to `logs`.
 * - `train(trainer, data, training, folder, signal)` and `evaluate(trainer, samples, batchSize)`.
 */
import type { Options } from 'prettier'
import type { StructureList } from '../../compose/structure.ts'
import { KnownError } from '../../system/knownError.ts'
import { fillInDigest } from '../../system/marks.ts'
import type { Call } from '../../language/expression.ts'
import type { Program } from '../../program/program.ts'
import { expressionsIn } from './expressionsIn.ts'
import { createLinker, type LinkedScript, type Linker, type ScriptSection } from './linkScript.ts'
import type { PackageImport } from './resolver.ts'
import { packageSections } from './packageSections.ts'
import { printExpression } from './printExpression.ts'
import { linesOfLoop } from './loopFeatures.ts'
import { printHeader } from './printHeader.ts'
import { printModel } from './printModel.ts'
import type { EmitOptions, ScriptBackend, ScriptLanguage } from './emitOptions.ts'
import { printProgram, startLine } from './printProgram.ts'
import { needsData, printTraining } from './printTraining.ts'
import { toJavaScript } from './toJavaScript.ts'
import { wasmTrainingFiles } from './wasmTraining.ts'

export type { EmitOptions, ScriptLanguage } from './emitOptions.ts'

export interface EmittedScript {
  readonly fileName: string
  readonly text: string
  /** Files to write beside the script. */
  readonly assets: readonly EmittedAsset[]
}

export interface EmittedAsset {
  readonly fileName: string
  readonly content: Uint8Array
}

/** Emits scripts. It reads each source file once for all of them. */
export interface Emitter {
  emitProgram(program: Program, options: EmitOptions): Promise<EmittedScript>
}

export function createEmitter(): Emitter {
  const linker = createLinker()
  return { emitProgram: (program, options) => emitWith(linker, program, options) }
}

/** Emits the script of one program; use an {@link Emitter} for several. */
export async function emitProgram(program: Program, options: EmitOptions): Promise<EmittedScript> {
  return await createEmitter().emitProgram(program, options)
}

/** Source files that are not linked: a script imports their exports from the folder beside it. */
const kernelsFiles = ['runtime/kernels/registerTrainingKernels.ts', 'script/startEngine.ts']
const kernelsFolder = 'wasm-training'

/** The package imports that the code written for a spec may use. */
const packages = {
  tf: ['@tensorflow/tfjs', '*'],
  appendFileSync: ['node:fs', 'appendFileSync'],
  existsSync: ['node:fs', 'existsSync'],
  mkdirSync: ['node:fs', 'mkdirSync'],
  realpathSync: ['node:fs', 'realpathSync'],
  join: ['node:path', 'join'],
} as const

async function emitWith(linker: Linker, program: Program, options: EmitOptions): Promise<EmittedScript> {
  const { language = 'ts', singleFile = false, backend, runtime = 'standalone' } = options
  const { script } = program
  if (runtime === 'standalone' && script && script.missing.length > 0) {
    throw new KnownError(
      'usage',
      `Standalone scripts do not support ${script.missing.join(', ')}.`,
      'Use `shapewright train`, or compile with `--runtime package`.',
    )
  }
  const fileName = scriptFileName(program.name, language)
  const modules = Object.fromEntries(
    singleFile ? [] : kernelsFiles.map((file) => [file, `./${kernelsFolder}/index.js`]),
  )
  const linked =
    runtime === 'package'
      ? packageSections(program, backend, options.structure)
      : linker.link(sectionsOf(program, backend, stemOf(program.name), options.structure), { modules, packages })
  const isTypeScript = language === 'ts'
  const { sections, imports } = singleFile ? await withKernelsInside(linked) : linked
  const parts = [
    isTypeScript ? printImports(imports) : printImports(imports.filter(({ isType }) => !isType)),
    ...sections.flatMap(({ title, statements }) => [
      ...(title === '' ? [] : [divider(title)]),
      ...(isTypeScript ? groupTypes(statements) : statements.map(toJavaScript).filter((statement) => statement !== '')),
    ]),
  ]
  const usesKernels = imports.some(({ module }) => module.includes(kernelsFolder))
  return {
    fileName,
    text: fillInDigest(`${printHeader(fileName, options, program)}\n\n${await format(joinStatements(parts))}`),
    assets: usesKernels
      ? (await wasmTrainingFiles()).map((file) => ({ ...file, fileName: `${kernelsFolder}/${file.fileName}` }))
      : [],
  }
}

/** Puts the WebAssembly of the kernels into the script as a constant, instead of reading a file beside it. */
async function withKernelsInside({ sections, imports }: LinkedScript): Promise<LinkedScript> {
  const reading = "await readFile(new URL('./trainingKernels.wasm', import.meta.url))"
  const wasm = (await wasmTrainingFiles()).find(({ fileName }) => fileName === 'trainingKernels.wasm')!
  const lines = Buffer.from(wasm.content)
    .toString('base64')
    .match(/.{1,118}/g)!
  const constant = `/** trainingKernels.wasm, in base64. */\nconst trainingKernels = \`\n${lines.join('\n')}\n\``
  const inside = sections.map(({ title, statements }) => ({
    title,
    statements: statements.flatMap((statement) =>
      statement.includes(reading)
        ? [statement.replace(reading, "Buffer.from(trainingKernels, 'base64')"), constant]
        : [statement],
    ),
  }))
  const text = inside.flatMap(({ statements }) => statements).join('\n')
  return { sections: inside, imports: imports.filter(({ local }) => new RegExp(`\\b${local}\\b`).test(text)) }
}

const isShort = (statement: string) => /^type .*$/.test(statement)

/** Moves one-line types next to the first of them. */
function groupTypes(statements: readonly string[]): readonly string[] {
  const first = statements.findIndex(isShort)
  const others = statements.slice(first + 1)
  if (first < 0) return statements
  return [...statements.slice(0, first + 1), ...others.filter(isShort), ...others.filter((one) => !isShort(one))]
}

/** Joins statements with empty lines, except below the title of a section and between one-line types. */
function joinStatements(statements: readonly string[]): string {
  return statements.reduce((text, next, place) => {
    if (statements[place - 1]!.startsWith('// ----')) return `${text}\n${next}`
    const areShort = isShort(next) && isShort(statements[place - 1]!.split('\n').at(-1)!)
    return `${text}${areShort ? '\n' : '\n\n'}${next}`
  })
}

/** Returns the sections of a script with the code written for its spec, before linking. */
export function sectionsOf(
  program: Program,
  backend: ScriptBackend,
  stem: string,
  structure?: StructureList,
): ScriptSection[] {
  const { script } = program
  const model = { title: 'Model', code: printModel(program, reservedNames, structure) }
  if (!script) return [model]
  return [
    model,
    { title: 'Data', code: printData(script.dataset) },
    { title: 'Training', code: printTraining(program, script) },
    { title: 'Program', code: printProgram(stem, backend, script, needsData(linesOfLoop(program).trainer)) },
    { title: '', code: startLine },
  ]
}

function printData(dataset: Call): string {
  const folder = expressionsIn(dataset).find((part) => part.kind === 'reference')
  const parameter =
    folder?.otherwise === undefined ? 'folder?: string' : `folder = ${printExpression(folder.otherwise)}`
  const read = expressionsIn(dataset).find((part) => part.kind === 'call' && part.isAwaited)
  const text = printExpression(dataset)
  const body =
    read === undefined || read === dataset
      ? `return ${text}`
      : `const data = ${printExpression(read)}\n  return ${text.replace(printExpression(read), () => 'data')}`
  return `export async function loadData(${folder ? parameter : ''}): Promise<Data> {\n  ${body}\n}`
}

/** Names that variables of layers may not have. */
const reservedNames = ['tf', 'seed', '_seed']

function divider(title: string): string {
  return `// ---- ${title} `.padEnd(120, '-')
}

function printImports(imports: readonly PackageImport[]): string {
  const modules = [...new Set(imports.map(({ module }) => module))].toSorted(byPlace)
  return modules
    .flatMap((module) => {
      const own = imports.filter((one) => one.module === module)
      const named = own.filter(({ imported }) => imported !== '*').toSorted((a, b) => (a.local < b.local ? -1 : 1))
      const areTypes = named.every(({ isType }) => isType)
      const names = named.map(({ imported, local, isType }) => {
        const renamed = imported === local ? local : `${imported} as ${local}`
        return isType && !areTypes ? `type ${renamed}` : renamed
      })
      return [
        ...own
          .filter(({ imported }) => imported === '*')
          .map(({ local, isType }) => `import ${isType ? 'type ' : ''}* as ${local} from '${module}'`),
        ...(named.length > 0 ? [`import ${areTypes ? 'type ' : ''}{ ${names.join(', ')} } from '${module}'`] : []),
      ]
    })
    .join('\n')
}

/** Orders modules: packages, then Node's own modules, then files. */
function byPlace(a: string, b: string): number {
  const place = (module: string) => (module.startsWith('.') ? 2 : module.startsWith('node:') ? 1 : 0)
  return place(a) - place(b) || (a < b ? -1 : 1)
}

/** Returns the file name of a program's script. It never contains a path, whatever the program's name. */
export function scriptFileName(name: string, language: ScriptLanguage): string {
  return `${stemOf(name)}.${extensions[language]}`
}

function stemOf(name: string): string {
  return name.replace(/[^\w-]/g, '_')
}

/** Node runs an `.mjs` file as a module in any folder. */
const extensions: Readonly<Record<ScriptLanguage, string>> = { ts: 'ts', js: 'mjs' }

/** The style of the sources. The parser `babel-ts` takes half the time of `typescript`; tests compare the two. */
const style: Options = { parser: 'babel-ts', semi: false, singleQuote: true, printWidth: 120 }

async function format(text: string): Promise<string> {
  const [{ format: run }, estree, babel] = await Promise.all([
    import('prettier/standalone'),
    import('prettier/plugins/estree'),
    import('prettier/plugins/babel'),
  ])
  return await run(text, { ...style, plugins: [estree.default, babel.default] })
}
