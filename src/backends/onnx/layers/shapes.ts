/** Layers that move, cut, enlarge or encode values, and those that change nothing in prediction. */
import { inexpressible, scalar, type AppliedLayer, type LayerForm } from '../layerForm.ts'
import { channelsFirst, fromChannelsFirst } from './convolutions.ts'
import { dataTypes } from '../encodeModel.ts'
import { range, type GraphBuilder, type Size } from '../graphBuilder.ts'

const identity: LayerForm = ({ input }) => input

const flatten: LayerForm = ({ graph, input: x, options, shape }) => {
  // Channels first are flattened channels last, as Keras does.
  const isTurned = options['dataFormat'] === 'channelsFirst' && x.shape.length > 1
  const rank = x.shape.length
  const tensor = isTurned
    ? graph.add('Transpose', [graph.plain(x)], { perm: [0, ...range(2, rank + 1), 1] })
    : graph.plain(x)
  return { shape, plain: graph.add('Flatten', [tensor], { axis: 1 }) }
}

const reshape: LayerForm = ({ graph, input, shape }) => ({
  shape,
  plain: graph.reshape(graph.plain(input), shape),
})

const permuteAxes: LayerForm = ({ graph, input, options, shape }) => ({
  shape,
  plain: graph.add('Transpose', [graph.plain(input)], { perm: [0, ...(options['dims'] as number[])] }),
})

const repeatVector: LayerForm = ({ graph, input, options, shape }) => {
  const step = graph.add('Unsqueeze', [graph.plain(input), graph.integers([1])])
  return { shape, plain: graph.add('Tile', [step, graph.integers([1, options['n'] as number, 1])]) }
}

type Borders = readonly [readonly [number, number], readonly [number, number]]

/** The two axes in space of an image, in its own form. */
function spaceAxes({ options }: AppliedLayer): readonly [number, number] {
  return options['dataFormat'] === 'channelsFirst' ? [2, 3] : [1, 2]
}

const cropping: LayerForm = (applied) => {
  const { graph, input, options, shape } = applied
  const [[top, bottom], [left, right]] = options['cropping'] as Borders
  const ends = [bottom, right].map((size) => (size === 0 ? 2 ** 31 : -size))
  return { shape, plain: cut(graph, graph.plain(input), [top, left], ends, spaceAxes(applied)) }
}

const centerCrop: LayerForm = (applied) => {
  const { graph, layer, input, options, shape } = applied
  const [height, width] = input.shape as [Size, Size]
  if (height === null || width === null) throw inexpressible('a crop of images of open size', layer)
  const size = [options['height'] as number, options['width'] as number] as const
  const [wide, high] = [width < size[1], height < size[0]]
  if (wide || high) return { shape, plain: resized(graph, graph.moved(input), size, 'linear') }
  const starts = [Math.floor((height - size[0]) / 2), Math.floor((width - size[1]) / 2)]
  const ends = starts.map((start, axis) => start + size[axis]!)
  return { shape, plain: cut(graph, graph.plain(input), starts, ends, spaceAxes(applied)) }
}

function cut(
  graph: GraphBuilder,
  tensor: string,
  starts: readonly number[],
  ends: readonly number[],
  axes: readonly number[],
): string {
  return graph.add('Slice', [tensor, graph.integers(starts), graph.integers(ends), graph.integers(axes)])
}

const zeroPadding: LayerForm = (applied) => {
  const { graph, input, options, shape } = applied
  const [[top, bottom], [left, right]] = options['padding'] as Borders
  const [first] = spaceAxes(applied)
  const around = (before: number, after: number) => [
    ...range(0, first).map(() => 0),
    before,
    after,
    ...range(first, 2).map(() => 0),
  ]
  const pads = graph.integers([...around(top, left), ...around(bottom, right)])
  return { shape, plain: graph.add('Pad', [graph.plain(input), pads]) }
}

const upSampling: LayerForm = (applied) => {
  const { graph, options } = applied
  const isNearest = options['interpolation'] === 'nearest'
  const scales = graph.floats([1, 1, ...(options['size'] as number[])])
  const enlarged = graph.add('Resize', [channelsFirst(applied), '', scales], {
    mode: isNearest ? 'nearest' : 'linear',
    coordinate_transformation_mode: 'asymmetric',
    ...(isNearest && { nearest_mode: 'floor' }),
  })
  return fromChannelsFirst(applied, enlarged)
}

/** Resizes images so that their corners stay in place, and returns them with channels last. */
const resizing: LayerForm = ({ graph, input, options, shape }) => {
  const size = [options['height'] as number, options['width'] as number] as const
  const mode = options['interpolation'] === 'nearest' ? 'nearest' : 'linear'
  return { shape, plain: resized(graph, graph.moved(input), size, mode) }
}

function resized(
  graph: GraphBuilder,
  tensor: string,
  [height, width]: readonly [number, number],
  mode: 'nearest' | 'linear',
): string {
  // Sizes have to state the batch too, which is known only at run time.
  const sizes = graph.add('Concat', [graph.sizes(tensor, 0, 2), graph.integers([height, width])], { axis: 0 })
  const out = graph.add('Resize', [tensor, '', '', sizes], {
    mode,
    coordinate_transformation_mode: 'align_corners',
    ...(mode === 'nearest' && { nearest_mode: 'round_prefer_ceil' }),
  })
  return graph.add('Transpose', [out], { perm: [0, 2, 3, 1] })
}

const rescaling: LayerForm = ({ graph, input, options }) =>
  graph.map(input, (tensor) =>
    graph.add('Add', [
      graph.add('Mul', [tensor, scalar(graph, options['scale'] as number)]),
      scalar(graph, options['offset'] as number),
    ]),
  )

/** Marks the steps to skip, whose values all equal `maskValue`, and sets these to 0. */
const masking: LayerForm = ({ graph, input, options, shape }) => {
  const x = graph.plain(input)
  const distance = graph.add('Abs', [graph.add('Sub', [x, scalar(graph, options['maskValue'] as number)])])
  const differs = graph.add('Sign', [graph.add('ReduceMax', [distance], { axes: [shape.length] })])
  const mask = graph.add('Squeeze', [differs, graph.integers([shape.length])])
  return { shape, plain: graph.add('Mul', [x, differs]), mask }
}

/** Counts the numbers of a sample, or marks those that occur. */
const categoryEncoding: LayerForm = ({ graph, input, options, shape }) => {
  const places = graph.add('Cast', [graph.plain(input)], { to: dataTypes.int64 })
  const each = graph.add('OneHot', [places, graph.integers([options['numTokens'] as number], []), graph.floats([0, 1])])
  if (options['outputMode'] === 'oneHot') return { shape, plain: graph.reshape(each, shape) }
  const counts = graph.add('ReduceSum', [each, graph.integers([1])], { keepdims: 0 })
  const isCount = options['outputMode'] === 'count'
  return { shape, plain: isCount ? counts : graph.add('Min', [counts, scalar(graph, 1)]) }
}

export const shapeLayers: Readonly<Record<string, LayerForm>> = {
  Flatten: flatten,
  Reshape: reshape,
  Permute: permuteAxes,
  RepeatVector: repeatVector,
  Cropping2D: cropping,
  CenterCrop: centerCrop,
  ZeroPadding2D: zeroPadding,
  UpSampling2D: upSampling,
  Resizing: resizing,
  Rescaling: rescaling,
  CategoryEncoding: categoryEncoding,
  Masking: masking,
  Dropout: identity,
  SpatialDropout1D: identity,
  AlphaDropout: identity,
  GaussianDropout: identity,
  GaussianNoise: identity,
  RandomWidth: identity,
}
