/** Fuzz of composition: random composed specs against their plain specs, and the same specs with one mistake. */
import * as tf from '@tensorflow/tfjs'
import { interpretProgram } from '../../../src/backends/interpret/interpret.ts'
import { trainExperiment } from '../../../src/runtime/training/trainingLoop.ts'
import { noiseOf } from '../compareBackEnds.ts'
import { compareWithEngine } from '../compareEngine.ts'
import { findFault } from '../engineFaults.ts'
import { experimentOf } from '../randomExperiment.ts'
import { RandomSource, seedOfCase } from '../randomSource.ts'
import { breakComposed, type BrokenSpec } from './break.ts'
import { compareBroken, compareComposed } from './compare.ts'
import { drawComposed } from './draw.ts'
import { flattenComposed } from './flatten.ts'
import { specFile, spreadComposed, type SpreadSpec } from './spread.ts'
import { printComposed, type ComposedSpec } from './tree.ts'

export interface ComposedFinding {
  readonly index: number
  readonly text: string
  readonly problem: string
}

export interface ComposedFuzz {
  readonly specs: number
  /** The specs with one mistake, and those of them that could be compared with their plain spec. */
  readonly broken: number
  readonly compared: number
  /** The networks that tf.layers built and ran, and those that were trained. */
  readonly built: number
  readonly trained: number
  readonly findings: readonly ComposedFinding[]
}

/** Every so many specs, the network is built by tf.layers, and it is trained. Both are slow. */
const builtEvery = 20
const trainedEvery = 200
/** Networks with more layers are not built. */
const mostLayers = 30

/** @param onCase Called before each case; the fuzz ends if it returns false. */
export async function fuzzComposed(
  { from, to }: { readonly from: number; readonly to: number },
  seed: number,
  onCase: (index: number) => boolean = () => true,
): Promise<ComposedFuzz> {
  await tf.setBackend('cpu')
  const counts = { specs: 0, broken: 0, compared: 0, built: 0, trained: 0 }
  const findings: ComposedFinding[] = []
  for (let index = from; index < to && onCase(index); index += 1) {
    const random = new RandomSource(seedOfCase(seed + 1, index))
    const spec = drawComposed(seedOfCase(seed, index))
    const text = printComposed(spec)
    const written = writeSpec(spec, random)
    const { problem, analysis } = compareComposed(written, flattenComposed(spec))
    if (problem !== undefined) findings.push({ index, text: printSpread(written), problem })
    counts.specs += 1
    const isClean = analysis?.diagnostics.every(({ severity }) => severity !== 'error') === true
    const isSmall = isClean && analysis.shaped.nodes.length <= mostLayers
    if (isSmall && index % builtEvery === 0) {
      counts.built += 1
      const { differences } = compareWithEngine(text)
      const unexplained = differences.filter((one) => findFault(one) === undefined)
      findings.push(...unexplained.map(({ kind, message }) => ({ index, text, problem: `${kind}: ${message}` })))
    }
    if (isSmall && index % trainedEvery === 0) {
      const failure = await trainOnNoise(text, random)
      if (failure !== undefined) findings.push({ index, text, problem: `train fails: ${failure}` })
      counts.trained += 1
    }
    const broken = breakComposed(spec, random)
    if (broken === undefined || (broken.code !== undefined && !isClean)) continue
    const writtenBroken = writeSpec(broken.spec, random)
    const { problem: difference, isCompared } = judgeBroken(broken, writtenBroken)
    counts.broken += 1
    counts.compared += isCompared ? 1 : 0
    if (difference !== undefined) findings.push({ index, text: printSpread(writtenBroken), problem: difference })
  }
  return { ...counts, findings }
}

/** Trains a network for two epochs on noise, as a classifier. Returns why it failed. */
async function trainOnNoise(text: string, random: RandomSource): Promise<string | undefined> {
  const experiment = experimentOf(text, random)
  if (experiment === undefined) return undefined
  try {
    const data = noiseOf(experiment.sampleShape)
    const { model } = await trainExperiment(interpretProgram(experiment.program), { data })
    model.dispose()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Writes a spec to one file, or half of the time to several. */
function writeSpec(spec: ComposedSpec, random: RandomSource): SpreadSpec {
  if (random.chance(0.5)) return spreadComposed(spec, random)
  return { files: { [specFile]: printComposed(spec) }, settings: [] }
}

function printSpread({ files, settings }: SpreadSpec): string {
  const texts = Object.entries(files).map(([file, text]) => `# ${file}\n${text}`)
  return [...texts, ...settings.map((one) => `--set '${one}'\n`)].join('')
}

function judgeBroken(
  { spec, code }: BrokenSpec,
  written: SpreadSpec,
): { readonly problem?: string | undefined; readonly isCompared: boolean } {
  if (code !== undefined) return { problem: compareBroken(written, code), isCompared: false }
  const { problem, isExpanded } = compareComposed(written, flattenOr(spec))
  // Some mistakes of plain specs, such as `times: -1`, are mistakes of composition as well.
  return { problem: problem?.startsWith('a spec that should expand') ? undefined : problem, isCompared: isExpanded }
}

/** Returns undefined for a spec that has no flat form, because of its mistake. */
function flattenOr(spec: ComposedSpec): string | undefined {
  try {
    return flattenComposed(spec)
  } catch {
    return undefined
  }
}
