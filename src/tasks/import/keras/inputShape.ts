/** The shapes of inputs, which each version of Keras writes elsewhere. */
import { isList, type Json } from '../readJson.ts'
import type { KerasLayer, KerasModel } from './kerasModel.ts'

/** The shape with the batch that a layer, or a model of one input, states for its input; undefined if it states none. */
export function inputShapeOf(part: KerasLayer | KerasModel): Json | undefined {
  if (isModel(part)) return shapeOfModel(part)
  if (part.model !== undefined) return shapeOfModel(part.model)
  const { config } = part
  const stated = config['batch_shape'] ?? config['batch_input_shape']
  if (isList(stated)) return stated
  if (isList(config['input_shape'])) return [null, ...config['input_shape']]
  return isShape(part.builtFor) ? part.builtFor : undefined
}

function shapeOfModel(model: KerasModel): Json | undefined {
  const [ref] = model.inputs
  const first = ref === undefined ? model.layers[0] : model.layers.find(({ name }) => name === ref.layer)
  const own = first && inputShapeOf(first)
  return own ?? (isShape(model.builtFor) ? model.builtFor : undefined)
}

function isModel(part: KerasLayer | KerasModel): part is KerasModel {
  return 'layers' in part
}

function isShape(value: Json | undefined): value is readonly Json[] {
  return isList(value) && value.every((size) => size === null || typeof size === 'number')
}
