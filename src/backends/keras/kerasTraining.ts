/** Decides how a script trains: in which form labels are passed, and whether batches are made one by one. */
import { plannedRunOf } from '../../graph/plannedRun.ts'
import { objectivesOf, type OutputObjective } from '../../graph/objectives.ts'
import type { PlannedRun } from '../../language/callbackDef.ts'
import type { ScriptedOutput } from '../../program/lowerOutput.ts'
import type { ScriptExperiment } from '../../program/lowerScript.ts'
import type { Program } from '../../program/program.ts'
import type { Spec } from '../../validation/spec.ts'
import { normalizesBatches } from '../python/printData.ts'
import type { PythonValue } from '../python/printLiteral.ts'
import type { AnalyzedNetwork } from '../pythonTarget.ts'
import { kerasLosses } from './kerasLosses.ts'
import { weightedName } from './networkPrinting.ts'
import { kerasMetric } from './kerasMetrics.ts'

export type Options = Readonly<Record<string, PythonValue>>

export interface TrainedOutput {
  readonly objective: OutputObjective
  readonly scripted: ScriptedOutput
  readonly name: string
  /** The name of its layer in Keras. */
  readonly layerName: string
  readonly units: number
  readonly shape: readonly number[]
  /** Whether its targets are classes instead of rows. */
  readonly isSparse: boolean
}

export interface KerasTraining {
  readonly spec: Spec
  readonly program: Program
  readonly script: ScriptExperiment
  readonly run: PlannedRun
  readonly outputs: readonly TrainedOutput[]
  /** Factors of the learning rate by the name of the layer in Keras. */
  readonly rates: Readonly<Record<string, number>>
  /** Whether `prepare` makes each batch: images are decoded, or samples are changed. */
  readonly isPrepared: boolean
  /** Whether labels become other targets than the dataset's. */
  readonly hasTargets: boolean
  /** Whether each batch is normalized, after its samples were changed. */
  readonly normalizesBatches: boolean
}

export function kerasTraining(
  { spec, shaped }: AnalyzedNetwork,
  program: Program,
  script: ScriptExperiment,
  names: ReadonlyMap<string, string>,
): KerasTraining {
  const nodes = new Map(shaped.nodes.map((node) => [node.name, node]))
  const outputs = objectivesOf(spec, shaped.outputs).map((objective, place): TrainedOutput => {
    const shape = nodes.get(objective.output)!.shape.map(Number)
    const units = shape.at(-1)!
    const { loss, metrics } = objective
    const areClasses = spec.facts?.hasValues !== true && units > 1 && shape.length === 1 && !script.mixes
    const hasSparse = kerasLosses[loss.type]?.hasSparse?.(loss.options as Options) === true
    const isSparse =
      areClasses && hasSparse && metrics.every(({ type, options }) => kerasMetric(type, options)?.hasSparse === true)
    return {
      objective,
      scripted: script.outputs[place]!,
      name: objective.output,
      layerName: names.get(objective.output)!,
      units,
      shape,
      isSparse,
    }
  })
  const rates = Object.entries(program.experiment?.learningRates ?? {})
  const isPrepared = script.isStreamed || spec.augment.length > 0
  return {
    spec,
    program,
    script,
    run: plannedRunOf(spec, shaped.outputs),
    outputs,
    rates: Object.fromEntries(rates.map(([name, factor]) => [weightedName(name, names), factor])),
    isPrepared,
    hasTargets: outputs.length > 1 || outputs.some(({ isSparse }) => !isSparse),
    normalizesBatches: normalizesBatches(spec, script),
  }
}

/** The code of what the network takes for the samples that some code has: each of several inputs takes all of them. */
export function givenInputs({ program }: KerasTraining, samples: string): string {
  return program.inputs.length === 1 ? samples : `[${samples}] * ${program.inputs.length}`
}
