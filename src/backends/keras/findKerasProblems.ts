/** Finds the parts of a spec that a script for Keras 3 cannot have, with the reason. */
import type { ProgramLayer } from '../../program/program.ts'
import { lowerScriptData } from '../../program/scriptData.ts'
import type { PythonTarget, TargetProblem } from '../pythonTarget.ts'
import { kerasCallbacks } from './kerasCallbacks.ts'
import { formOfCall, layerCallOf } from './kerasLayers.ts'

export interface MissingLayer {
  /** The name of the layer. */
  readonly layer: string
  readonly message: string
}

export function findMissingLayers(layers: readonly ProgramLayer[]): MissingLayer[] {
  return layers.flatMap((layer) => {
    if (!('call' in layer)) return []
    const { missing } = formOfCall(layerCallOf(layer.call))
    return missing === undefined ? [] : [{ layer: layer.name, message: `\`${layer.name}\`: ${missing}` }]
  })
}

export const findProblems: PythonTarget['findProblems'] = ({ spec, shaped }, { layers }) => {
  const nodes = new Map(shaped.nodes.map((node) => [node.name, node]))
  const missing = findMissingLayers(layers).map(({ layer, message }): TargetProblem => {
    const help = 'remove the layer, or compile to TypeScript'
    return { path: nodes.get(layer)?.layer.path ?? ['layers'], message, help }
  })
  return [...missing, ...trainingProblems(spec)]
}

function trainingProblems(spec: Parameters<PythonTarget['findProblems']>[0]['spec']): TargetProblem[] {
  const { training, callbacks, schedule, dataset } = spec
  const { gradientAccumulation = 1, clipNorm, clipValue } = training
  const plateau = callbacks.findIndex(({ type }) => kerasCallbacks[type]!.changesRate)
  return [
    ...(dataset !== undefined && lowerScriptData(spec) === undefined
      ? [
          {
            path: ['dataset'],
            message: `what \`${dataset.type}\` contains is not known, so no script can read it`,
            help: 'put its files where the spec says',
          },
        ]
      : []),
    ...(gradientAccumulation > 1
      ? [
          {
            path: ['training', 'gradientAccumulation'],
            message:
              'Keras carries the gradients of the last batches of an epoch over to the next one, where this spec ends a step with the epoch',
            help: 'use a larger `batchSize`, or compile to TypeScript',
          },
        ]
      : []),
    ...(clipNorm !== undefined && clipValue !== undefined
      ? [
          {
            path: ['training', 'clipValue'],
            message: 'an optimizer of Keras clips either values or the norm of all gradients',
            help: 'remove `clipValue` or `clipNorm`',
          },
        ]
      : []),
    ...(schedule !== undefined && plateau >= 0
      ? [
          {
            path: ['training', 'callbacks', plateau],
            message: 'Keras fixes the rates of a schedule before training, so the callback could not lower them',
            help: 'remove the callback or the schedule',
          },
        ]
      : []),
  ]
}
