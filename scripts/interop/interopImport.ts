/**
 * `npm run interop -- import`: imports models that Keras saved, as .keras and as .h5, and compares their parameters and outputs
 * with those in Keras, within 1e-5 of the norm: the networks of keras.applications with random weights, and compiled specs.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { checkText } from '../../src/analyze.ts'
import { formatCount } from '../../src/diagnostics/formatCount.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { buildImported } from '../../src/tasks/import/encodeWeights.ts'
import { printSpec } from '../../src/tasks/import/printSpec.ts'
import { readNetwork } from '../../src/tasks/import/readNetwork.ts'
import { tolerances } from './compareScripts.ts'
import type { InteropOptions, InteropReport } from './interop.ts'
import { publishedCases, randomCases } from './networkCases.ts'
import { pickGroups } from './pickGroups.ts'
import { findOrMakePython } from './pythons.ts'
import { writeCase } from './writeCase.ts'

/** The networks of keras.applications that are imported, with the smallest images that each takes. */
const applications: Readonly<Record<string, number>> = {
  VGG16: 32,
  VGG19: 32,
  ResNet50: 32,
  ResNet50V2: 32,
  ResNet101: 32,
  MobileNet: 32,
  MobileNetV2: 32,
  DenseNet121: 32,
  InceptionV3: 75,
  Xception: 71,
  MobileNetV3Small: 32,
  MobileNetV3Large: 32,
  ConvNeXtTiny: 32,
}
const formats = ['keras', 'h5'] as const

/** What Keras said of a model that it saved. */
interface Facts {
  readonly error?: string
  readonly parameters: number
  /** The numbers that it keeps in configs, which are parameters of an imported network: moments of a normalization. */
  readonly moments: number
  /** The shapes of the inputs, with the batch. */
  readonly inputs: readonly (readonly number[])[]
  readonly outputs: number
  /** How far the outputs for two samples are apart, relative to their norm. */
  readonly spread: number
}

interface Comparison {
  readonly name: string
  readonly layers: number
  readonly lines: number
  readonly parameters: number
  /** The larger difference of the outputs, of both formats. */
  readonly difference: number
  /** Why the import is not equal; undefined if it is. */
  readonly fault?: string | undefined
}

export async function run({ python: stated, specs, seed, only }: InteropOptions): Promise<InteropReport> {
  const python = stated ?? findOrMakePython('keras')
  // The native engine is TensorFlow, as Keras may be, and gives the same bits for some networks.
  await startEngine('wasm')
  const groups = { applications: () => compareApplications(python), specs: () => compareSpecs(python, specs, seed) }
  const chosen = new Map<string, () => Promise<Comparison[]>>(pickGroups(groups, only))
  const ofApplications = (await chosen.get('applications')?.()) ?? []
  const ofSpecs = (await chosen.get('specs')?.()) ?? []
  const faults = [...ofApplications, ...ofSpecs].flatMap(({ name, fault }) =>
    fault === undefined ? [] : [`APART: ${name}: ${fault}`],
  )
  return { table: printTable(ofApplications, ofSpecs), faults }
}

/** One network at a time, since some have hundreds of megabytes of weights. */
async function compareApplications(python: string): Promise<Comparison[]> {
  const results: Comparison[] = []
  for (const [name, side] of Object.entries(applications)) {
    results.push(
      ...(await inFolder(async (root) => {
        const folder = newFolder(root, name)
        writeFileSync(join(folder, 'application.json'), JSON.stringify({ name, side }))
        saveModels(python, root, [folder])
        const result = await compareModel(`${name}, ${side}x${side}`, folder)
        const { spread } = factsIn(folder)
        return [spread > 0.01 ? result : { ...result, fault: `its outputs hardly depend on its inputs (${spread})` }]
      })),
    )
  }
  return results
}

/** Specs, compiled to Keras and imported from what it saves. */
async function compareSpecs(python: string, count: number, seed: number): Promise<Comparison[]> {
  return await inFolder(async (root) => {
    const written: [string, string][] = []
    for (const [index, one] of [...publishedCases(), ...randomCases(count, seed)].entries()) {
      const folder = newFolder(root, String(index))
      if ((await writeCase(one, 'keras', folder)) === undefined) written.push([one.name, folder])
    }
    saveModels(
      python,
      root,
      written.map(([, folder]) => folder),
    )
    const results: Comparison[] = []
    for (const [name, folder] of written) results.push(await compareModel(name, folder))
    return results
  })
}

async function inFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const root = mkdtempSync(join(tmpdir(), 'shapewright-interop-'))
  try {
    return await use(root)
  } finally {
    rmSync(root, { recursive: true })
  }
}

function newFolder(root: string, name: string): string {
  const folder = join(root, name)
  mkdirSync(folder, { recursive: true })
  return folder
}

function saveModels(python: string, root: string, folders: readonly string[]): void {
  const list = join(root, 'folders')
  writeFileSync(list, folders.join('\n'))
  const env = { ...process.env, CUDA_VISIBLE_DEVICES: '' }
  execFileSync(python, [join(import.meta.dirname, 'saveKeras.py'), list], { stdio: ['ignore', 'pipe', 'inherit'], env })
}

async function compareModel(name: string, folder: string): Promise<Comparison> {
  const found = await compareFormats(name, folder)
  process.stderr.write(`  ${name}: ${found.fault ?? `equal, ${found.difference.toExponential(1)}`}\n`)
  return found
}

async function compareFormats(name: string, folder: string): Promise<Comparison> {
  const facts = factsIn(folder)
  const none = { name, layers: 0, lines: 0, parameters: 0, difference: Number.NaN }
  if (facts.error !== undefined) return { ...none, fault: facts.error }
  try {
    const found = []
    for (const format of formats) found.push(await compareFile(name, folder, `model.${format}`, facts))
    return found.reduce((worst, one) => (one.difference <= worst.difference ? worst : one))
  } catch (error) {
    return { ...none, fault: error instanceof Error ? error.message : String(error) }
  }
}

function factsIn(folder: string): Facts {
  return JSON.parse(readFileSync(join(folder, 'facts.json'), 'utf8')) as Facts
}

async function compareFile(name: string, folder: string, file: string, facts: Facts): Promise<Comparison> {
  const { network, problems } = await readNetwork(join(folder, file))
  const [problem] = problems
  if (problem !== undefined) throw new Error(`${file}: ${problem.place}: ${problem.message}`)
  const { text, names } = printSpec(network)
  const model = buildImported(network, names, checkText(text, 'imported.yaml'))
  try {
    const difference = tf.tidy(() => differenceOf(model, folder, facts))
    const parameters = model.countParams()
    const fault =
      parameters === facts.parameters + facts.moments
        ? difference <= tolerances.outputs
          ? undefined
          : `${file}: outputs differ by ${difference.toExponential(1)}`
        : `${file}: ${parameters} parameters instead of ${facts.parameters + facts.moments}`
    return { name, layers: network.layers.length, lines: text.split('\n').length - 1, parameters, difference, fault }
  } finally {
    model.dispose()
  }
}

/** The norm of the difference of the outputs, relative to that of Keras's. */
function differenceOf(model: tf.LayersModel, folder: string, { inputs, outputs }: Facts): number {
  const given = inputs.map((shape, index) => tf.tensor(readNumbers(join(folder, `inputs-${index}.f32`)), [...shape]))
  const found = [model.predict(given.length === 1 ? given[0]! : given)].flat()
  if (found.length !== outputs) return Number.NaN
  const differences = found.map((output, index) => {
    const wanted = tf.tensor(readNumbers(join(folder, `outputs-${index}.f32`)), output.shape)
    const scale = Math.max(tf.norm(wanted).dataSync()[0]!, 1e-3)
    return tf.norm(tf.sub(output, wanted)).dataSync()[0]! / scale
  })
  return Math.max(...differences)
}

function readNumbers(file: string): Float32Array {
  const bytes = readFileSync(file)
  return new Float32Array(new Uint8Array(bytes).buffer)
}

function printTable(ofApplications: readonly Comparison[], ofSpecs: readonly Comparison[]): string {
  const rows = ofApplications.map(({ name, layers, lines, parameters, difference, fault }) => {
    const isEqual = fault === undefined ? 'equal' : 'apart'
    return [name, String(layers), String(lines), formatCount(parameters), isEqual, difference.toExponential(1)]
  })
  if (ofSpecs.length > 0) {
    const equal = ofSpecs.filter(({ fault }) => fault === undefined)
    const worst = Math.max(...equal.map(({ difference }) => difference))
    rows.push(['compiled specs', '', '', '', `${equal.length} of ${ofSpecs.length} equal`, worst.toExponential(1)])
  }
  const head = [
    '| network | layers | lines of the spec | parameters | outputs | largest difference |',
    '| --- | --- | --- | --- | --- | --- |',
  ]
  return [...head, ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n')
}
