/** Batch and layer normalization in PyTorch. */
import { sampleAxis } from '../../../language/axes.ts'
import { printFloat } from '../../python/printLiteral.ts'
import { atom, axisOf, defineForm, printDim, printTuple, weightedStage, specLayout } from './form.ts'
import { stateOf } from './state.ts'

interface Normalizing {
  readonly axis: number
  readonly momentum: number
  readonly epsilon: number
  readonly center: boolean
  readonly scale: boolean
}

/** The parameters of a normalization. */
function affine({ scale, center }: Pick<Normalizing, 'scale' | 'center'>): readonly string[] {
  return [...(scale ? ['weight'] : []), ...(center ? ['bias'] : [])]
}

export const batchNormalization = defineForm<Normalizing>({
  measuresBatches: true,
  wants: ({ axis }, [values]) => (sampleAxis(axis, values!.length) === values!.length - 1 ? 'moved' : 'spec'),
  stages({ options, inputs: [values], layout, trainable }) {
    const rank = values!.length
    const place = sampleAxis(options.axis, rank)!
    const own = {
      eps: printFloat(options.epsilon),
      momentum: printFloat(Number((1 - options.momentum).toPrecision(12))),
      scale: options.scale ? undefined : 'False',
      center: options.center ? undefined : 'False',
      frozen: trainable ? undefined : 'True',
    }
    const state = stateOf('BatchNorm', ...affine(options), 'running_mean', 'running_var')
    const norm = weightedStage('BatchNorm', [printDim(values![place]!)], own, trainable, state)
    const axis = axisOf(place, rank, layout)
    if (axis === 1) return [norm]
    return [
      { call: (x) => `${atom(x!)}.movedim(${axis}, 1)` },
      norm,
      { call: (x) => `${atom(x!)}.movedim(1, ${axis})` },
    ]
  },
})

export const layerNormalization = defineForm<Omit<Normalizing, 'axis'> & { readonly axis: number | readonly number[] }>(
  {
    wants: specLayout,
    stages({ options, inputs: [values], trainable }) {
      const rank = values!.length
      const axes = [options.axis].flat().map((axis) => sampleAxis(axis, rank)!)
      const sizes = axes.map((axis) => printDim(values![axis]!))
      const eps = printFloat(options.epsilon)
      const isLast = axes.every((axis, index) => axis === rank - axes.length + index)
      if (isLast && options.scale) {
        const size = sizes.length === 1 ? sizes[0]! : printTuple(sizes)
        const bias = options.center ? undefined : 'False'
        return [
          weightedStage('nn.LayerNorm', [size], { eps, bias }, trainable, stateOf('nn.LayerNorm', ...affine(options))),
        ]
      }
      const own = {
        eps,
        scale: options.scale ? undefined : 'False',
        center: options.center ? undefined : 'False',
      }
      const args = [printTuple(sizes), printTuple(axes.map((axis) => axis + 1))]
      return [weightedStage('LayerNorm', args, own, trainable, stateOf('LayerNorm', ...affine(options)))]
    },
  },
)
