/** Layers that combine several inputs. */
import { axisOf, inexpressible, scalar, type AppliedLayer, type LayerForm } from '../layerForm.ts'
import type { GraphBuilder, Value } from '../graphBuilder.ts'

/** Combines the inputs number by number. With equal shapes, the result has whichever form all inputs have. */
const combine =
  (operator: string): LayerForm =>
  ({ graph, inputs, shape }) => {
    const ranks = inputs.map((input) => input.shape.length)
    const isMoved = inputs.every(({ plain }) => plain === undefined)
    if (isMoved && new Set(ranks).size === 1) {
      return {
        shape,
        moved: fold(
          graph,
          operator,
          inputs.map((input) => input.moved!),
        ),
      }
    }
    return {
      shape,
      plain: fold(
        graph,
        operator,
        inputs.map((input) => aligned(graph, input, shape.length)),
      ),
    }
  }

/** Adds axes of size 1 after the batch, as tf.layers does for an input with fewer axes than the others. */
function aligned(graph: GraphBuilder, input: Value, rank: number): string {
  const tensor = graph.plain(input)
  const missing = rank - input.shape.length
  if (missing === 0) return tensor
  return graph.add('Unsqueeze', [tensor, graph.integers(Array.from({ length: missing }, (_, index) => index + 1))])
}

/** Sums, means and extremes take any number of inputs, a product two. */
function fold(graph: GraphBuilder, operator: string, [first, ...others]: readonly string[]): string {
  if (operator !== 'Mul') return graph.add(operator, [first!, ...others])
  return others.reduce((product, one) => graph.add('Mul', [product, one]), first!)
}

const concatenate: LayerForm = (applied) => {
  const value = joined(applied)
  const mask = joinedMask(applied)
  return mask === undefined ? value : { ...value, mask }
}

function joined({ graph, inputs, options, shape }: AppliedLayer): Value {
  const axis = axisOf(options['axis'] as number, shape.length)
  if (axis === shape.length && inputs.every(({ plain }) => plain === undefined)) {
    return {
      shape,
      moved: graph.add(
        'Concat',
        inputs.map(({ moved }) => moved!),
        { axis: 1 },
      ),
    }
  }
  return {
    shape,
    plain: graph.add(
      'Concat',
      inputs.map((input) => graph.plain(input)),
      { axis },
    ),
  }
}

/** A step is skipped if any of the inputs skips it. */
function joinedMask({ graph, inputs, options, shape, layer }: AppliedLayer): string | undefined {
  const masks = inputs.flatMap(({ mask }) => mask ?? [])
  if (masks.length === 0) return undefined
  if (axisOf(options['axis'] as number, shape.length) === shape.length) return fold(graph, 'Min', masks)
  if (masks.length < inputs.length)
    throw inexpressible('a mask of some of the inputs that it puts one after the other', layer)
  return graph.add('Concat', masks, { axis: 1 })
}

/** The products of the vectors along one axis of each input. */
const dot: LayerForm = ({ graph, inputs, options, shape }: AppliedLayer) => {
  const given = options['axes'] as number | readonly number[]
  const axes = inputs.map((input, index) => axisOf([given].flat()[index] ?? (given as number), input.shape.length))
  const [left, right] = inputs.map((input, index) => {
    const tensor = graph.plain(input)
    const vectors = options['normalize'] === true ? normalized(graph, tensor, axes[index]!) : tensor
    return asMatrix(graph, vectors, input.shape.length, axes[index]!, index === 0)
  }) as [string, string]
  return { shape, plain: graph.reshape(graph.add('MatMul', [left, right]), shape) }
}

function normalized(graph: GraphBuilder, tensor: string, axis: number): string {
  const squares = graph.add('ReduceSum', [graph.add('Mul', [tensor, tensor]), graph.integers([axis])])
  const length = graph.add('Sqrt', [graph.add('Max', [squares, scalar(graph, 1e-12)])])
  return graph.add('Div', [tensor, length])
}

/** Returns a tensor of two or three axes as matrices, whose rows (for the left one) or columns are the vectors. */
function asMatrix(graph: GraphBuilder, tensor: string, rank: number, axis: number, isLeft: boolean): string {
  if (rank === 1) return graph.add('Unsqueeze', [tensor, graph.integers([isLeft ? 1 : 2])])
  const isInPlace = axis === (isLeft ? 2 : 1)
  return isInPlace ? tensor : graph.add('Transpose', [tensor], { perm: [0, 2, 1] })
}

export const mergeLayers: Readonly<Record<string, LayerForm>> = {
  Add: combine('Sum'),
  Average: combine('Mean'),
  Maximum: combine('Max'),
  Minimum: combine('Min'),
  Multiply: combine('Mul'),
  Concatenate: concatenate,
  Dot: dot,
}
