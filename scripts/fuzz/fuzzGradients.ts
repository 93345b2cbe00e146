/** Fuzzes training: compares the gradients of each layer type, with random options, on every engine. */
import { isKnownError } from '../../src/system/knownError.ts'
import { startCpuEngine } from '../../src/runtime/engines/cpuEngine.ts'
import { startNodeEngine } from '../../src/runtime/engines/nodeEngine.ts'
import { startWasmEngine } from '../../src/runtime/engines/wasmEngine.ts'
import { startWebgpuEngine } from '../../src/runtime/engines/webgpuEngine.ts'
import { layerDef } from '../../src/parts/layers/table.ts'
import { compareGradients, comparePoisoned, type EngineName, type GradientDifference } from './compareGradients.ts'
import { drawLayer, type DrawnLayer } from './drawLayer.ts'
import { randomValues, type Trial, type Values } from './layerTrial.ts'
import { drawnTypes } from './randomOptions.ts'
import { RandomSource, seedOfCase } from './randomSource.ts'

export interface GradientFinding {
  readonly index: number
  readonly type: string
  readonly text: string
  readonly batch: number
  readonly differences: readonly GradientDifference[]
}

/** The counts of one layer type. */
export interface TypeCount {
  trials: number
  /** Gradients, each with respect to one weight or input. */
  measured: number
  kinked: number
  /** Layers without gradients for weights or inputs: only their outputs were compared. */
  untrained: number
  /** Layers for which the checker refuses training. */
  refused: number
}

export interface GradientFuzz {
  readonly counts: ReadonlyMap<string, TypeCount>
  readonly findings: readonly GradientFinding[]
}

export interface GradientFuzzOptions {
  readonly count: number
  readonly seed: number
  readonly engines: readonly EngineName[]
  /** The layer types; all by default. */
  readonly types?: readonly string[]
  readonly until?: () => boolean
  readonly onFinding?: (finding: GradientFinding) => void
}

/** Starts all engines that work here; `missing` has the reasons for the others. */
export async function startEngines(
  wanted: readonly EngineName[] = ['wasm', 'cpu', 'node'],
): Promise<{ engines: EngineName[]; missing: string[] }> {
  const starters = { wasm: startWasmEngine, cpu: startCpuEngine, node: startNodeEngine, webgpu: startWebgpuEngine }
  const engines: EngineName[] = []
  const missing: string[] = []
  for (const name of wanted) {
    try {
      await starters[name]()
      engines.push(name)
    } catch (error) {
      if (!isKnownError(error, 'engine')) throw error
      missing.push(`not compared with ${name}: ${error.message}`)
    }
  }
  return { engines, missing }
}

/** Takes the layer types in turn, so that each is tried equally often. */
export async function fuzzGradients(options: GradientFuzzOptions): Promise<GradientFuzz> {
  const { count, seed, engines, types = drawnTypes, until = () => false, onFinding } = options
  const counts = new Map<string, TypeCount>(
    types.map((type) => [type, { trials: 0, measured: 0, kinked: 0, untrained: 0, refused: 0 }]),
  )
  const findings: GradientFinding[] = []
  for (let index = 0; index < count && !until(); index += 1) {
    const type = types[index % types.length]!
    const random = new RandomSource(seedOfCase(seed, index))
    const drawn = drawLayer(type, random)
    if (drawn === undefined) continue
    const trial = drawTrial(drawn, random)
    if (trial === undefined) {
      counts.get(type)!.refused += 1
      continue
    }
    const { differences: found, measured, kinked } = await compareGradients(trial, engines)
    const poisoned = engines.includes('wasm') ? poison(trial, random) : undefined
    const differences = [...found, ...(poisoned ? await comparePoisoned(poisoned) : [])]
    const counted = counts.get(type)!
    counted.trials += 1
    counted.measured += measured
    counted.kinked += kinked
    counted.untrained += measured + kinked === 0 ? 1 : 0
    if (differences.length === 0) continue
    const finding = { index, type, text: drawn.text, batch: trial.inputs[0]!.shape[0]!, differences }
    findings.push(finding)
    onFinding?.(finding)
  }
  return { counts, findings }
}

/** Draws a trial; undefined if the checker refuses to train a network with that layer. */
export function drawTrial(drawn: DrawnLayer, random: RandomSource): Trial | undefined {
  const node = drawn.analysis.shaped.nodes.at(-1)!
  const { type, options } = node.layer
  const missing = layerDef(type).missingGradient?.(options as never, node.inputShapes)
  if (missing?.ownWeights) return undefined
  const batch = random.integer(1, 3)
  const inputs = node.inputShapes.map((shape, index): Values => {
    const sizes = [batch, ...(shape as number[])]
    const size = sizes.reduce((product, one) => product * one, 1)
    return { name: `input ${index}`, shape: sizes, values: drawValues(type, options, size, random) }
  })
  return {
    drawn,
    inputs,
    seed: random.integer(1, 1_000_000),
    differentiatesInputs: missing === undefined,
  }
}

/** Replaces one input value by NaN; undefined for layers whose inputs are indices or counts. */
function poison(trial: Trial, random: RandomSource): Trial | undefined {
  const [first, ...others] = trial.inputs
  if (/embedding|categoryEncoding/.test(trial.drawn.text) || first!.values.length === 0) return undefined
  const values = [...first!.values]
  values[random.integer(0, values.length - 1)] = Number.NaN
  return { ...trial, inputs: [{ ...first!, values }, ...others] }
}

/** Draws input values; for layers that look up or count integers, valid ones. */
function drawValues(type: string, options: Readonly<Record<string, unknown>>, size: number, random: RandomSource) {
  const known = { embedding: options['inputDim'], categoryEncoding: options['numTokens'] }[type]
  if (typeof known !== 'number') return randomValues(size, random)
  return Array.from({ length: size }, () => random.integer(0, known - 1))
}
