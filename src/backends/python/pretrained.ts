/** Finds the trained weights that a Python script starts from: the file, and the arrays in it that each layer takes. */
import { arraysOfLayer } from '../../language/savedArrays.ts'
import type { Program } from '../../program/program.ts'
import type { WeightsFormat } from '../../runtime/formats/arrayPlaces.ts'
import type { Spec } from '../../validation/spec.ts'
import type { AnalyzedNetwork, TargetProblem } from '../pythonTarget.ts'

export interface Pretrained {
  readonly format: WeightsFormat
  /** What a script opens: `model.json`, or the file of weights. */
  readonly file: string
  readonly layers: readonly PretrainedLayer[]
}

export interface PretrainedLayer {
  /** The name in the spec. */
  readonly name: string
  /** The names of its arrays in the file, in the order of its weights in the language. */
  readonly arrays: readonly string[]
}

/** @returns Undefined if the network starts from its initial weights. */
export function pretrainedOf({ spec, shaped }: AnalyzedNetwork, program: Program): Pretrained | undefined {
  const chosen = program.experiment?.weights
  const header = spec.weightsFacts?.header
  if (chosen === undefined || header === undefined) return undefined
  const nodes = new Map(shaped.nodes.map((node) => [node.name, node]))
  const layers = chosen.layers.map((name) => {
    const arrays = arraysOfLayer(name, nodes.get(name)!.weights, header.arrays)
    return { name, arrays: arrays.map((array) => array.name) }
  })
  const { format } = header
  return { format, file: format === 'tfjs' ? topologyOf(chosen.from, header.file) : header.file, layers }
}

/** The model.json of a run, which is beside its weights. */
function topologyOf(from: string, file: string): string {
  return /(^|[/\\])model\.json$/.test(from) ? from : file.replace(/[^/\\]*$/, 'model.json')
}

/** Weights can be found in a script only if their names in the file are known. */
export function findPretrainedProblems({ weights, weightsFacts }: Spec): TargetProblem[] {
  if (weights === undefined || weightsFacts?.header !== undefined) return []
  const message = `what ${weights.from} contains is not known, so no script can take weights from it`
  return [{ path: ['weights', 'from'], message, help: 'put the file where the spec says' }]
}
