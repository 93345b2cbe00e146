/** The applications of layers: which tensors a layer takes, in the forms of Keras 2, TensorFlow.js and Keras 3. */
import { asList, asObject, isList, isObject, showJson, type Json, type JsonObject } from '../readJson.ts'
import { unreadableModel } from '../importError.ts'

/** An output of a layer: which of its applications, and which of the tensors that this one gives. */
export interface TensorRef {
  readonly layer: string
  readonly node: number
  readonly tensor: number
}

/** An argument that is no tensor of the network, such as the 2 of `x * 2`. */
export interface Constant {
  readonly constant: Json
}

export interface KerasNode {
  /** The arguments in their order, with those in lists. */
  readonly args: readonly (TensorRef | Constant)[]
  /** The arguments with names. */
  readonly kwargs: Readonly<Record<string, Json | TensorRef>>
}

export function isTensor(argument: unknown): argument is TensorRef {
  return isObject(argument) && typeof argument['layer'] === 'string' && typeof argument['node'] === 'number'
}

/**
 * Reads `{ args, kwargs }` of Keras 3, or the list `[["conv", 0, 0, {}]]` of the others.
 *
 * @throws KnownError if it has neither form.
 */
export function readNode(value: Json, place: string, file: string): KerasNode {
  const node = isObject(value) ? readNode3(value) : isList(value) ? readNode2(value) : undefined
  if (node !== undefined) return node
  throw unreadableModel(
    `${file} is damaged: the inputs of \`${place}\` are ${showJson(value)}.`,
    'Save the model again.',
  )
}

function readNode3(value: JsonObject): KerasNode {
  const args = (asList(value['args']) ?? []).flatMap(flattenArgument)
  const kwargs = Object.entries(asObject(value['kwargs']) ?? {}).map(([key, one]) => {
    const [only, ...others] = flattenArgument(one ?? null)
    return [key, only !== undefined && isTensor(only) && others.length === 0 ? only : (one ?? null)] as const
  })
  return { args, kwargs: Object.fromEntries(kwargs) }
}

/** An argument, or those in a list that has a tensor. */
function flattenArgument(value: Json): (TensorRef | Constant)[] {
  const ref = historyOf(value)
  if (ref !== undefined) return [ref]
  if (!isList(value)) return [{ constant: value }]
  const inner = value.flatMap(flattenArgument)
  return inner.some(isTensor) ? inner : [{ constant: value }]
}

function historyOf(value: Json): TensorRef | undefined {
  if (!isObject(value) || value['class_name'] !== '__keras_tensor__') return undefined
  return refOf(asList(asObject(value['config'])?.['keras_history']))
}

function readNode2(value: readonly Json[]): KerasNode | undefined {
  const items = (typeof value[0] === 'string' ? [value] : value) as readonly Json[]
  const args: (TensorRef | Constant)[] = []
  const kwargs: [string, Json | TensorRef][] = []
  for (const item of items) {
    const parts = asList(item)
    const ref = refOf(parts)
    if (parts === undefined || (ref === undefined && parts[0] !== '_CONSTANT_VALUE')) return undefined
    args.push(ref ?? { constant: parts[2] ?? null })
    for (const [key, one] of Object.entries(asObject(parts[3]) ?? {})) {
      kwargs.push([key, refOf(asList(one)) ?? one ?? null])
    }
  }
  return { args, kwargs: Object.fromEntries(kwargs) }
}

function refOf(parts: readonly Json[] | undefined): TensorRef | undefined {
  const [layer, node, tensor] = parts ?? []
  if (typeof layer !== 'string' || layer === '_CONSTANT_VALUE') return undefined
  return typeof node === 'number' && typeof tensor === 'number' ? { layer, node, tensor } : undefined
}
