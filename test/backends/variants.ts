import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createEmitter, type EmitOptions, type ScriptLanguage } from '../../src/backends/typescript/emit.ts'
import type { ScriptRuntime } from '../../src/backends/typescript/emitOptions.ts'
import { checkText } from '../../src/analyze.ts'
import { nodeHost } from '../../src/system/nodeHost.ts'
import { hasErrors } from '../../src/diagnostics/diagnostic.ts'
import { call } from '../../src/language/expression.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import type { Program, ProgramExperiment } from '../../src/program/program.ts'
import type { DatasetSplits, Samples } from '../../src/runtime/data/samples.ts'
import type { Experiment } from '../../src/runtime/training/experiment.ts'
import { createRandom } from '../../src/script/random.ts'
import { layerVariants } from './layerVariants.ts'

export interface Variant {
  readonly backend: EmitOptions['backend']
  readonly spec: string
  /** A loss that the checker does not let pass with the data sets there are. */
  readonly loss?: string
  /** What takes the place of parts of the experiment behind the checker's back. */
  readonly experiment?: Partial<ProgramExperiment>
  readonly language?: ScriptLanguage
  readonly singleFile?: boolean
}

const ending = (optimizer: string, rest = '') => `
optimizer: ${optimizer}
loss: categoricalCrossentropy
metrics: [accuracy, precision, recall]
training: { epochs: 1, batchSize: 16, seed: 7${rest} }`

/** Specs that differ from those of configs/ in what a script has to say. */
export const variants: Readonly<Record<string, Variant>> = {
  ...layerVariants,
  // Names: words of the language, of the linked runtime, of the script itself, and two that become one.
  names: {
    backend: 'wasm',
    spec: `
name: names
dataset: mnist
layers:
  - conv2d: { name: class, filters: 4, kernelSize: 3, strides: 2 }
  - activation: { name: accuracy, activation: relu }
  - maxPooling2d: { name: feature-map, poolSize: 2 }
  - dropout: { name: featureMap, rate: 0.25 }
  - flatten: { name: experiment }
  - dense: { name: tf, units: 12, activation: tanh }
  - dense: { name: join, units: 12, activation: tanh }
  - dense: { name: seed, units: 10, activation: softmax }${ending('momentum')}`,
  },
  normalized: {
    backend: 'wasm',
    loss: 'binaryCrossentropy',
    spec: `
name: normalized
dataset: mnist
layers:
  - zeroPadding2d: { padding: [[1, 0], [0, 1]] }
  - conv2d:
      filters: 4
      kernelSize: [3, 5]
      strides: 3
      useBias: false
      kernelInitializer: heNormal
      kernelRegularizer: { l1l2: { l1: 0.001 } }
  - batchNormalization: { momentum: 0.9 }
  - activation: { activation: relu }
  - averagePooling2d: { poolSize: 2, padding: same }
  - dropout: { rate: 0.5 }
  - globalAveragePooling2d
  - dense: { units: 8, kernelConstraint: maxNorm, trainable: false }
  - dense: { units: 10, activation: softmax, biasInitializer: { constant: { value: 0.1 } } }${ending('adam', ', validationSplit: 0.25, shuffle: false')}`,
  },
  branches: {
    backend: 'auto',
    loss: 'meanSquaredError',
    spec: `
name: branches
dataset: cifar10
learningRates: { wide: 0.1 }
layers:
  - conv2d: { name: wide, filters: 4, kernelSize: 5, strides: 4, padding: same }
  - conv2d: { name: narrow, inputs: input, filters: 4, kernelSize: 1, strides: 4 }
  - add: { inputs: [wide, narrow] }
  - concatenate: { inputs: [wide, add] }
  - flatten
  - dense: { units: 10, activation: softmax }${ending('rmsprop')}`,
  },
  sparse: {
    backend: 'node',
    loss: 'sparseCategoricalCrossentropy',
    spec: `
name: sparse
dataset: cifar10
layers:
  - resizing: { height: 9, width: 8 }
  - minPooling2d: { poolSize: 2, padding: same }
  - flatten
  - dense: { units: 10, activation: softmax }${ending('{ momentum: { useNesterov: true } }')}`,
  },
  // Layers with and without weights, state and random numbers, each applied more than once; one stands where nothing uses it.
  shared: {
    backend: 'wasm',
    spec: `
name: shared
dataset: mnist
layers:
  - apply: { name: small, layer: shrink, inputs: input }
  - conv2d: { name: first, filters: 4, kernelSize: 3, strides: 2, padding: same, activation: relu }
  - conv2d: { name: second, filters: 4, kernelSize: 3, strides: 2, padding: same, inputs: first }
  - batchNormalization: { name: normalize }
  - apply: { layer: second }
  - apply: { layer: normalize }
  - apply: { layer: second }
  - dropout: { name: drop, rate: 0.3 }
  - flatten
  - dense: { name: word, units: 8, activation: tanh }
  - dense: { name: again, units: 8, activation: tanh }
  - apply: { layer: again }
  - apply: { name: word-layer, layer: drop }
  - averagePooling2d: { name: shrink, poolSize: 4, inputs: input }
  - flatten: { name: pixels, inputs: small }
  - concatenate: { inputs: [word-layer, pixels] }
  - dense: { units: 10, activation: softmax }${ending('adam')}`,
  },
  // A dataset of options, whose reader imports a package only when it is called.
  images: {
    backend: 'wasm',
    spec: `
name: images
dataset: { imageFolder: { path: "nowhere's/images", size: [32, 32], fit: contain, memory: 1MB } }
layers:
  - averagePooling2d: { poolSize: 4 }
  - flatten
  - dense: { units: 10, activation: softmax }${ending('adam')}`,
  },
  // Every augmentation.
  augmented: {
    backend: 'wasm',
    spec: `
name: augmented
dataset: cifar10
normalize: { mean: [0.49, 0.48, 0.45], std: [0.25, 0.24, 0.26] }
augment:
  - randomFlip: { mode: horizontalAndVertical }
  - randomCrop: { padding: 4 }
  - randomRotation: { degrees: 15 }
  - randomBrightness: { factor: 0.2 }
  - randomContrast: { factor: 0.2 }
  - cutout: { size: 8 }
  - mixup: { alpha: 0.4 }
  - randomFlip
layers:
  - averagePooling2d: { poolSize: 4 }
  - flatten
  - dense: { units: 10, activation: softmax }${ending('sgd')}`,
  },
  // Samples that are mixed, of which threads see a part each, in accumulated batches.
  mixed: {
    backend: 'wasm',
    spec: `
name: mixed
dataset: mnist
augment: [mixup]
layers:
  - averagePooling2d: { poolSize: 4 }
  - flatten
  - dense: { units: 10, activation: softmax }
optimizer: adam
loss: categoricalCrossentropy
metrics: [accuracy, topKCategoricalAccuracy]
training: { epochs: 1, batchSize: 16, seed: 7, validationSplit: 0.25, gradientAccumulation: 2, classWeights: balanced }`,
  },
  // Several inputs, which are given the same samples, and outputs that differ in loss, weight and metrics; one is
  // called as a part of a loss is.
  heads: {
    backend: 'wasm',
    spec: `
name: heads
dataset: mnist
layers:
  - input: { name: left, shape: [28, 28, 1] }
  - input: { name: right, shape: [28, 28, 1] }
  - maxPooling2d: { name: small, poolSize: 4, inputs: left }
  - averagePooling2d: { name: mean, poolSize: 4, inputs: right }
  - concatenate: { inputs: [small, mean] }
  - flatten: { name: trunk }
  - dropout: { rate: 0.25 }
  - dense: { name: compute, units: 10, activation: softmax, kernelRegularizer: l2 }
  - dense: { name: digit-two, units: 10, activation: softmax, inputs: trunk }
  - dense: { name: third, units: 10, activation: softmax, inputs: trunk }
outputs: [third, compute, digit-two]
optimizer: adam
loss: { compute: categoricalCrossentropy, third: categoricalCrossentropy, digit-two: sparseCategoricalCrossentropy }
lossWeights: { digit-two: 0.3, compute: 0.5 }
metrics: { digit-two: [accuracy, recall], third: [precision] }
training: { epochs: 1, batchSize: 16, seed: 7, validationSplit: 0.25 }`,
  },
  // One output whose loss has a weight.
  weighted: {
    backend: 'wasm',
    spec: `
name: weighted
dataset: mnist
layers:
  - flatten
  - dense: { units: 10, activation: softmax }
optimizer: sgd
loss: { dense: categoricalCrossentropy }
lossWeights: { dense: 0.5 }
metrics: { dense: [accuracy] }
training: { epochs: 1, batchSize: 16, seed: 7 }`,
  },
  // Callbacks that end the run before its time, and give it back weights that it had.
  callbacks: {
    backend: 'wasm',
    spec: `
name: callbacks
dataset: mnist
layers:
  - flatten
  - dense: { units: 10, activation: softmax }
optimizer: { adam: { learningRate: 0.02 } }
loss: categoricalCrossentropy
metrics: [accuracy]
training:
  epochs: 20
  batchSize: 16
  seed: 7
  validationSplit: 0.25
  callbacks:
    - reduceOnPlateau: { monitor: loss, mode: max, patience: 1, factor: 0.5, minLearningRate: 0.004 }
    - earlyStopping: { monitor: val_accuracy, patience: 12 }
    - checkpoint: { keep: best, every: 2, unit: steps }
    - earlyStopping: { monitor: val_loss, minDelta: 0.001, baseline: 2, restoreBestWeights: true }`,
  },
  // Callbacks that write what the logs hold, and look after each step.
  logged: {
    backend: 'wasm',
    spec: `
name: logged
dataset: mnist
layers:
  - averagePooling2d: { poolSize: 7 }
  - flatten
  - dense: { units: 10, activation: softmax }
optimizer: adam
loss: categoricalCrossentropy
metrics: [accuracy]
training:
  epochs: 2
  batchSize: 16
  seed: 7
  validationSplit: 0.25
  callbacks: [{ csvLog: { separator: ';' } }, tensorBoard, terminateOnNaN]`,
  },
  // A learning rate that differs in each step.
  scheduled: {
    backend: 'wasm',
    spec: `
name: scheduled
dataset: mnist
layers:
  - flatten
  - dense: { units: 10, activation: softmax, kernelConstraint: { maxNorm: { maxValue: 0.5 } } }
optimizer: { momentum: { learningRate: 0.1, useNesterov: true } }
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 2, batchSize: 16, seed: 7, schedule: { cosine: { warmup: 0.5, alpha: 0.1 } } }`,
  },
  // All that is done to gradients, weights and labels around the optimizer, with random layers.
  treated: {
    backend: 'wasm',
    spec: `
name: treated
dataset: mnist
layers:
  - conv2d: { filters: 4, kernelSize: 3, strides: 3, activation: relu }
  - batchNormalization
  - flatten
  - dropout: { rate: 0.25 }
  - dense: { units: 10, activation: softmax }
optimizer: adam
loss: { categoricalCrossentropy: { labelSmoothing: 0.1 } }
metrics: [accuracy]
training:
  epochs: 2
  batchSize: 16
  seed: 7
  clipValue: 0.5
  clipNorm: 1
  weightDecay: 0.01
  gradientAccumulation: 3
  schedule: oneCycle`,
  },
  // Weights of classes, which all threads have to know.
  balanced: {
    backend: 'wasm',
    spec: `
name: balanced
dataset: mnist
layers:
  - averagePooling2d: { poolSize: 4 }
  - flatten
  - dense: { units: 10, activation: softmax }
optimizer: adam
loss: { categoricalCrossentropy: { labelSmoothing: 0.1 } }
metrics: [accuracy]
training: { epochs: 1, batchSize: 16, seed: 7, validationSplit: 0.25, classWeights: balanced }`,
  },
  named: {
    backend: 'wasm',
    spec: `
name: named
dataset: mnist
layers:
  - averagePooling2d: { poolSize: 4 }
  - flatten
  - dense: { name: last, units: 10 }
optimizer: adam
loss: { last: { sparseCategoricalCrossentropy: { fromLogits: true } } }
lossWeights: { last: 2 }
training: { epochs: 1, batchSize: 16, seed: 7, gradientAccumulation: 2, classWeights: { 3: 5, 0: 0.1, x-why: none } }`,
  },
  // No data, no training, nothing that draws numbers, two inputs and outputs, and a layer that leads nowhere.
  modelOnly: {
    backend: 'auto',
    spec: `
name: model-only
layers:
  - input: { name: left, shape: [8] }
  - input: { name: right, shape: [8] }
  - add: { name: sum, inputs: [left, right] }
  - activation: { name: unused, inputs: sum, activation: relu }
  - dense: { name: answer, inputs: sum, units: 2, kernelInitializer: ones }
outputs: [answer, sum]`,
  },
}

export function lowerVariant({ spec, loss, experiment: changes }: Variant): Program {
  const { spec: read, shaped, diagnostics } = checkText(spec, 'variant.yaml', { host: nodeHost })
  if (hasErrors(diagnostics)) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const program = lowerGraph(read, shaped)
  const { experiment } = program
  const changed = { ...(loss !== undefined && { loss: call(loss) }), ...changes }
  return experiment ? { ...program, experiment: { ...experiment, ...changed } } : program
}

/** What a script for the package exports. */
export interface Script {
  readonly experiment: Experiment
}

export interface ScriptFolder {
  readonly path: string
  /** Compiles a variant into the folder; returns the script's path. */
  compile(variant: Variant): Promise<string>
  remove(): void
}

/** A folder for scripts in the repository, where they find the packages and the compiler finds them; git ignores it. */
export function createScriptFolder(runtime: ScriptRuntime = 'standalone'): ScriptFolder {
  const path = mkdtempSync(fileURLToPath(new URL('.scripts-', import.meta.url)))
  const emitter = createEmitter()
  mkdirSync(path, { recursive: true })
  return {
    path,
    async compile(variant) {
      const { backend, language = 'ts', singleFile = false, spec: specText } = variant
      const options = { backend, language, singleFile, runtime, specFile: 'variant.yaml', specText, version: '0.0.0' }
      const { fileName, text, assets } = await emitter.emitProgram(lowerVariant(variant), options)
      writeFileSync(join(path, fileName), text)
      for (const asset of assets) {
        mkdirSync(dirname(join(path, asset.fileName)), { recursive: true })
        writeFileSync(join(path, asset.fileName), asset.content)
      }
      return join(path, fileName)
    },
    remove: () => rmSync(path, { recursive: true }),
  }
}

export async function importScript(path: string): Promise<Script> {
  return (await import(pathToFileURL(path).href)) as Script
}

/** Seeded noise in the form of a data set. */
export function noiseData(sampleShape: readonly number[]): DatasetSplits {
  return { train: noise(sampleShape, 70, 1), test: noise(sampleShape, 20, 2), classNames: [...'0123456789'] }
}

function noise(sampleShape: readonly number[], count: number, seed: number): Samples {
  const random = createRandom(seed)
  const size = sampleShape.reduce((product, length) => product * length, count)
  const inputs = Uint8Array.from({ length: size }, () => Math.floor(random() * 256))
  const labels = Uint8Array.from({ length: count }, () => Math.floor(random() * 10))
  return { inputs, sampleShape, scale: 1 / 255, labels, count, classes: 10 }
}
