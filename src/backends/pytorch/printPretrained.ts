/** Prints how a PyTorch script starts from trained weights, which a file has with the axes of TensorFlow. */
import type { Pretrained } from '../python/pretrained.ts'
import { quotePython } from '../python/printLiteral.ts'
import { atom } from './layers/form.ts'
import type { StateEntry } from './layers/state.ts'
import type { Network, NetworkLayer } from './network.ts'
import { stateOfLayer } from './printWeights.ts'

/** @param paths The modules of the layers, by the names of the layers. */
export function printPretrained(
  { format, file, layers }: Pretrained,
  network: Network,
  paths: ReadonlyMap<string, string>,
): string {
  const byName = new Map(network.layers.map((layer) => [layer.name, layer]))
  const entries = layers.flatMap(({ name, arrays }) => {
    const layer = byName.get(name)!
    return stateOfLayer(layer).flatMap((entry, index) => {
      const array = `arrays[${quotePython(arrays[index]!)}]`
      return parametersOf(layer, entry, { array, shape: layer.node.weights[index]!.shape }).map(
        ([parameter, value]) => `        ${quotePython(`${paths.get(name)!}.${parameter}`)}: ${value},`,
      )
    })
  })
  return [
    'def load_pretrained(model: nn.Module) -> None:',
    '    """Gives layers their trained weights."""',
    `    arrays = ${format === 'tfjs' ? 'read_tfjs' : 'read_tensors'}(Path(${quotePython(file)}))`,
    '    weights = {',
    ...entries,
    '    }',
    '    model.load_state_dict({name: torch.tensor(array) for name, array in weights.items()}, strict=False)',
  ].join('\n')
}

interface Saved {
  /** The expression of its array. */
  readonly array: string
  readonly shape: readonly number[]
}

/** The expressions of the parameters of a weight, as {@link toParameters} computes them. */
function parametersOf(
  { flattened }: NetworkLayer,
  { name, axes, gates, second }: StateEntry,
  { array, shape }: Saved,
): readonly (readonly [parameter: string, value: string])[] {
  const ordered = gates === undefined ? array : `gru_gates(${array})`
  if (second !== undefined)
    return second.from === 'zeros'
      ? [[name, ordered]]
      : [
          [name, `${ordered}[0]`],
          [second.name, `${ordered}[1]`],
        ]
  if (flattened !== undefined && name === 'weight') {
    const channels = flattened.length - 1
    const places = flattened.map((_size, axis) => axis)
    const turned = [channels, ...places.slice(0, -1), flattened.length].join(', ')
    return [
      [name, `${ordered}.reshape(${flattened.join(', ')}, -1).transpose(${turned}).reshape(${shape.join(', ')}).T`],
    ]
  }
  return [[name, inOrder(ordered, axes, shape)]]
}

function inOrder(array: string, axes: StateEntry['axes'], shape: readonly number[]): string {
  const rank = shape.length
  if (axes === 'same' || rank < 2) return array
  if (rank === 2 && axes === 'kernel') return `${atom(array)}.T`
  const [outputs, inputs] = [rank - 1, rank - 2]
  const window = shape.slice(0, -2).map((_size, axis) => axis)
  if (axes === 'kernel') return `${array}.transpose(${[outputs, inputs, ...window].join(', ')})`
  const sizes = [shape[inputs]! * shape[outputs]!, 1, ...shape.slice(0, -2)]
  return `${array}.transpose(${[inputs, outputs, ...window].join(', ')}).reshape(${sizes.join(', ')})`
}
