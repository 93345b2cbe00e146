/** The layers of a Keras model and how they are connected, as its config states them, in whichever version of Keras. */
import { unreadableModel } from '../importError.ts'
import { asList, asObject, asText, isList, isObject, showJson, type Json, type JsonObject } from '../readJson.ts'
import { readNode, type KerasNode, type TensorRef } from './kerasNode.ts'

/** Which library wrote a config: the same name may mean another computation in each. */
export type Dialect = 'keras2' | 'keras3' | 'tfjs'

export interface KerasLayer {
  readonly className: string
  /** `keras.layers` in Keras 3; an operation such as `x + y` has the module of a function. */
  readonly module: string | undefined
  /** The package and name under which a class of the model's owner is registered: `shapewright>AlignedResizing`. */
  readonly registeredName: string | undefined
  readonly name: string
  readonly config: JsonObject
  /** Its place in the config, for messages. */
  readonly place: string
  /** Its applications, in order. A layer of a Sequential model has none. */
  readonly nodes: readonly KerasNode[]
  /** The nested model, if it is one. */
  readonly model?: KerasModel
  /** The shape of its input that Keras recorded, with the batch. */
  readonly builtFor: Json | undefined
}

export interface KerasModel {
  readonly name: string
  readonly isSequential: boolean
  readonly layers: readonly KerasLayer[]
  readonly inputs: readonly TensorRef[]
  readonly outputs: readonly TensorRef[]
  readonly builtFor: Json | undefined
  readonly place: string
}

const modelClasses: ReadonlySet<string> = new Set(['Sequential', 'Functional', 'Model'])

/** Whether an object is the description of a layer or a model: `{ class_name, config }`. */
function isDescription(value: Json | undefined): value is JsonObject {
  return isObject(value) && typeof value['class_name'] === 'string'
}

/**
 * Reads the description of a model.
 *
 * @param file Its file, for messages.
 * @throws KnownError if it does not have the form of a model.
 */
export function readKerasModel(value: Json | undefined, file: string): KerasModel {
  if (!isDescription(value)) throw misread(file, 'it describes no model')
  const className = String(value['class_name'])
  if (!modelClasses.has(className)) {
    throw unreadableModel(
      `${file} has a model of the class ${className}, whose layers its file does not list.`,
      'Only Sequential and functional models can be imported: save the model as one, or export it to ONNX.',
    )
  }
  return modelOf(value, '', file)
}

function modelOf(value: JsonObject, place: string, file: string): KerasModel {
  // Keras 1 and early TensorFlow.js state the layers of a Sequential model directly.
  const config: JsonObject = isList(value['config']) ? { layers: value['config'] } : (asObject(value['config']) ?? {})
  const isSequential = value['class_name'] === 'Sequential'
  const items = asList(config['layers'])
  if (items === undefined) throw misread(file, `\`${place}layers\` is not a list`)
  const layers = items.map((item, index) => layerOf(item, `${place}layers[${index}]`, file))
  return {
    name: asText(config['name']) ?? 'model',
    isSequential,
    layers,
    inputs: isSequential ? [] : tensorRefs(config['input_layers'], `${place}input_layers`, file),
    outputs: isSequential ? [] : tensorRefs(config['output_layers'], `${place}output_layers`, file),
    builtFor: config['build_input_shape'] ?? asObject(value['build_config'])?.['input_shape'],
    place,
  }
}

function layerOf(item: Json, place: string, file: string): KerasLayer {
  if (!isDescription(item)) throw misread(file, `\`${place}\` is not a layer`)
  const className = String(item['class_name'])
  const config = asObject(item['config']) ?? {}
  const name = asText(item['name']) ?? asText(config['name']) ?? className
  const own = `${place} (${name})`
  const nodes = asList(item['inbound_nodes']) ?? []
  return {
    className,
    module: asText(item['module']),
    registeredName: asText(item['registered_name']),
    name,
    config,
    place: own,
    nodes: nodes.map((node) => readNode(node, own, file)),
    builtFor: asObject(item['build_config'])?.['input_shape'],
    ...(modelClasses.has(className) && { model: modelOf(item, `${own}.`, file) }),
  }
}

/** Reads `[["a", 0, 0], ["b", 0, 0]]`, the `["a", 0, 0]` of a single tensor, or a map of such references. */
function tensorRefs(value: Json | undefined, place: string, file: string): TensorRef[] {
  const list = isObject(value) ? Object.values(value) : isList(value) && typeof value[0] === 'string' ? [value] : value
  const refs = isList(list as Json) ? (list as readonly Json[]).map(refOf) : [undefined]
  if (refs.length === 0 || refs.includes(undefined)) {
    throw misread(file, `\`${place}\` is ${showJson(value)}, but it must name layers`)
  }
  return refs as TensorRef[]
}

function refOf(value: Json): TensorRef | undefined {
  if (!isList(value)) return undefined
  const [layer, node = 0, tensor = 0] = value
  if (typeof layer !== 'string' || typeof node !== 'number' || typeof tensor !== 'number') return undefined
  return { layer, node, tensor }
}

export function misread(file: string, what: string) {
  return unreadableModel(`${file} is damaged: ${what}.`, 'Save the model again.')
}
