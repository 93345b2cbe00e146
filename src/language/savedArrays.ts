/** Pairs the arrays of a file with the weights of a layer: by name where the file has the names of the language, else by place. */
import { foldSpelling } from '../diagnostics/didYouMean.ts'

/** The places of the model in a folder of trained weights: in a run folder, and in one that TensorFlow.js wrote. */
export const modelPlaces = ['model/model.json', 'model.json'] as const

/** An array in a file of weights, named after its layer and itself: `conv2d/kernel`. */
export interface NamedShape {
  readonly name: string
  readonly shape: readonly number[]
}

/** An array in a file of weights, with the type of its numbers as safetensors names it. Training reads `F32`. */
export interface SavedArray extends NamedShape {
  readonly type: string
}

export const readableType = 'F32'

/**
 * Returns the arrays of a layer in the order of its weights, as far as the file has them.
 *
 * @param weights The weights of the layer, without its name: `kernel`, or `forward/kernel` inside a layer that wraps another.
 */
export function arraysOfLayer<Saved extends NamedShape>(
  layer: string,
  weights: readonly NamedShape[],
  saved: readonly Saved[],
): readonly Saved[] {
  const wraps = weights.some(({ name }) => name.includes('/'))
  const own = saved.flatMap((array) => {
    if (!array.name.startsWith(`${layer}/`)) return []
    const path = array.name.slice(layer.length + 1)
    // `stage/conv/kernel` is of the layer `stage/conv`, and not of a layer `stage`, unless that wraps another layer.
    return path.includes('/') && !wraps ? [] : [{ array, path }]
  })
  const left = [...own]
  const byName = weights.map(({ name }) => {
    const place = left.findIndex(({ path }) => isSameWeight(path, name))
    return place < 0 ? undefined : left.splice(place, 1)[0]!.array
  })
  const isNamed = left.length === 0 && byName.every((array) => array !== undefined)
  return isNamed ? byName : own.map(({ array }) => array)
}

/** Whether two paths mean the same weight: `forward/recurrentKernel`, and `forward_bidirectional_lstm/recurrent_kernel`. */
function isSameWeight(saved: string, name: string): boolean {
  const [[savedOuter, savedOwn], [outer, own]] = [splitName(saved), splitName(name)]
  if (savedOwn !== own) return false
  return savedOuter.startsWith(/^(forward|backward)(?=_|$)/.exec(outer)?.[0] ?? '')
}

function splitName(path: string): readonly [string, string] {
  const end = path.lastIndexOf('/')
  return [path.slice(0, Math.max(end, 0)), foldSpelling(path.slice(end + 1))]
}

/** The layers of a file of weights, in its order. */
export function layersOfArrays(saved: readonly NamedShape[]): string[] {
  return [...new Set(saved.map(({ name }) => name.slice(0, Math.max(name.lastIndexOf('/'), 0))))]
}
