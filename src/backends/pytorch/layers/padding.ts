/** The padding of windows as TensorFlow has it: `same` may add one more value after an axis than before it. */
import { isFullyKnown, type Shape } from '../../../language/dims.ts'
import { halvePadding, samePadding, type AxisPadding } from '../../../parts/layers/window.ts'
import { moduleStage, printSizes, printTuple, type Stage } from './form.ts'

export interface PaddedWindow {
  readonly padding: 'valid' | 'same' | 'causal'
  readonly spatial: Shape
  readonly spans: readonly number[]
  readonly strides: readonly number[]
}

/** The values that `same` adds to each axis; undefined if they depend on sizes known only at run time. */
export function paddingOf({ spatial, spans, strides }: PaddedWindow): readonly AxisPadding[] | undefined {
  if (strides.every((stride) => stride === 1)) return spans.map((span) => halvePadding(span - 1))
  if (!isFullyKnown(spatial)) return undefined
  return spatial.map((size, axis) => samePadding(size, spans[axis]!, strides[axis]!))
}

/** The argument `padding` of a convolution, or a stage before it that pads unevenly. */
export function padConvolution(window: PaddedWindow): { readonly before: readonly Stage[]; readonly padding?: string } {
  if (window.padding === 'valid') return { before: [] }
  if (window.padding === 'causal') return { before: [padStage([[window.spans[0]! - 1, 0]])] }
  const pairs = paddingOf(window)
  if (pairs === undefined) return { before: [padAtRun(window, '0.0')] }
  if (pairs.every(([first, last]) => first + last === 0)) return { before: [] }
  if (window.strides.every((stride) => stride === 1)) return { before: [], padding: '"same"' }
  if (pairs.every(([first, last]) => first === last))
    return { before: [], padding: printSizes(pairs.map(([first]) => first)) }
  return { before: [padStage(pairs)] }
}

/** Pads or, by negative numbers, crops the axes after the channels. */
export function padStage(pairs: readonly AxisPadding[], value = 0): Stage {
  const amounts = printTuple(pairs.toReversed().flat())
  const text = value === Number.NEGATIVE_INFINITY ? '-torch.inf' : `${value}`
  return value === 0
    ? moduleStage(`nn.ZeroPad${pairs.length}d(${amounts})`, (x) => `F.pad(${x}, ${amounts})`)
    : moduleStage(
        `nn.ConstantPad${pairs.length}d(${amounts}, ${text})`,
        (x) => `F.pad(${x}, ${amounts}, value=${text})`,
      )
}

/** Pads by the sizes of the input at run time. */
function padAtRun({ spans, strides }: PaddedWindow, value: string): Stage {
  const amounts = (x: string) => `same_padding(${x}, ${printTuple(spans)}, ${printTuple(strides)})`
  return { call: (x) => `F.pad(${x}, ${amounts(x!)}${value === '0.0' ? '' : `, value=${value}`})` }
}
