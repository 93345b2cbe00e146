/** Compares standalone scripts with `train` in one thread, for the specs of configs/ and random experiments. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkText } from '../../src/analyze.ts'
import type { ShapedGraph } from '../../src/graph/shapes.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { parityEngines, tryEngine, type ParityEngine } from './compareBackEnds.ts'
import { compareScript, type ComparedSpec } from './compareScript.ts'
import { drawExperiment } from './randomExperiment.ts'
import { seedOfCase } from './randomSource.ts'
import { importWatched, type WatchedScript } from './watchedScript.ts'

export interface ScriptFinding {
  /** The path of the spec, or the number of the random one. */
  readonly spec: string
  readonly engine: ParityEngine
  readonly text: string
  readonly difference: string
}

export interface ScriptRun {
  /** The number of compared scripts, by engine. */
  readonly compared: ReadonlyMap<ParityEngine, number>
  /** The number of compared scripts with each feature of training. */
  readonly features: ReadonlyMap<string, number>
  /** The number of scripts that diverged only because of rounding: see `compareScript`. */
  readonly apart: number
  /** The number of scripts that were not compared, by reason. */
  readonly skipped: ReadonlyMap<string, number>
  readonly findings: readonly ScriptFinding[]
}

interface ScriptCase extends ComparedSpec {
  readonly spec: string
}

/** Compares the scripts of specs with `train`, on the engines that work here. */
export async function compareScripts(
  cases: Iterable<ScriptCase>,
  until: () => boolean = () => false,
  engines: readonly ParityEngine[] = parityEngines,
): Promise<ScriptRun> {
  const compared = new Map<ParityEngine, number>()
  const features = new Map<string, number>()
  const skipped = new Map<string, number>()
  const findings: ScriptFinding[] = []
  let apart = 0
  const countIn = <Key>(counts: Map<Key, number>, key: Key) => counts.set(key, (counts.get(key) ?? 0) + 1)
  for (const each of cases) {
    if (until()) break
    const script = importOnce(each)
    for (const engine of engines) {
      if ((await tryEngine(engine)) !== undefined) continue
      const { skipped: reason, difference, isApart } = await compareScript(each, script)
      if (reason === undefined) for (const feature of featuresOf(each)) countIn(features, feature)
      if (reason === undefined) countIn(compared, engine)
      else countIn(skipped, reason)
      if (isApart === true) apart++
      if (difference !== undefined) findings.push({ spec: each.spec, engine, text: each.text, difference })
    }
  }
  return { compared, features, apart, skipped, findings }
}

/** Returns a function that imports the script once, for all engines. */
function importOnce({ program, text }: ScriptCase): () => Promise<WatchedScript> {
  let script: Promise<WatchedScript> | undefined
  return () => (script ??= importWatched(program, text))
}

export function* randomCases(count: number, seed: number): Generator<ScriptCase> {
  for (let index = 0; index < count; index++) {
    const { text, scripted, settings, sampleShape } = drawExperiment(seedOfCase(seed, index))
    yield { spec: String(index), text, program: scripted, settings, sampleShape }
  }
}

/** Yields the specs of configs/ that state training, with batches of 8, so that an epoch of the noise has several steps. */
export function* configCases(): Generator<ScriptCase> {
  const folder = fileURLToPath(new URL('../../configs/', import.meta.url))
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.yaml')) continue
    const text = readFileSync(join(folder, name), 'utf8')
    const { spec, shaped } = checkText(text, name)
    // A script holds samples out for validation while it loads them, which the noise replaces.
    const settings = { ...spec, training: { ...spec.training, batchSize: 8, validationSplit: 0 } }
    const program = lowerGraph(settings, shaped)
    if (program.experiment) yield { spec: `${name}`, text, program, settings, sampleShape: inputShape(shaped) }
  }
}

export function inputShape({ nodes }: ShapedGraph): readonly number[] {
  return nodes.find(({ layer }) => layer.type === 'input')!.shape as number[]
}

/** Returns the features of training besides network and loss. */
function featuresOf({ settings: { optimizer, training, schedule, normalize, augment } }: ScriptCase): string[] {
  const { gradientAccumulation = 1, classWeights, clipNorm, clipValue, weightDecay, shuffle } = training
  const present = {
    [optimizer!.type]: true,
    accumulation: gradientAccumulation > 1,
    schedule,
    classWeights,
    clipNorm,
    clipValue,
    weightDecay,
    'no shuffling': !shuffle,
    normalize,
    augment: augment.length > 0,
  }
  return Object.entries(present).flatMap(([name, value]) => (value ? [name] : []))
}
