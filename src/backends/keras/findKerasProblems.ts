/** Finds the parts of a spec that a script for Keras 3 cannot have, with the reason. */
import type { ProgramLayer } from '../../program/program.ts'
import { lowerScriptData } from '../../program/scriptData.ts'
import type { PythonTarget, TargetProblem } from '../pythonTarget.ts'
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
  const { dataset } = spec
  if (dataset === undefined || lowerScriptData(spec) !== undefined) return []
  const message = `what \`${dataset.type}\` contains is not known, so no script can read it`
  return [{ path: ['dataset'], message, help: 'put its files where the spec says' }]
}
