/** What is wrong with a shape, in words and numbers. Every message gives the formula or both sides. */
import type { DiagnosticCode } from './codes.ts'

interface ShapeMessage {
  readonly code: DiagnosticCode
  readonly message: string
  readonly help?: string
}

export function kernelExceedsInput(facts: {
  option: string
  window: string
  input: string
  span: number
  size: number
  stride: number
}): ShapeMessage {
  const { window, input, span, size, stride } = facts
  const result = Math.floor((size - span) / stride) + 1
  const what = facts.option === 'poolSize' ? 'pooling window' : 'kernel'
  return {
    code: 'shape/kernel-exceeds-input',
    message: `the ${window} ${what} is larger than its ${input} input: ⌊(${size} - ${span}) / ${stride}⌋ + 1 = ${result} positions`,
    help: `use a smaller \`${facts.option}\`, \`padding: same\`, or fewer layers that shrink the input before it`,
  }
}

export function wrongRank(facts: { layer: string; wants: string; got: string; help: string }): ShapeMessage {
  return {
    code: 'shape/wrong-rank',
    message: `\`${facts.layer}\` takes ${facts.wants}, but its input is ${facts.got}`,
    help: facts.help,
  }
}

export function unknownSize(facts: { layer: string; what: string; input: string }): ShapeMessage {
  return {
    code: 'shape/unknown-size',
    message: `\`${facts.layer}\` needs to know ${facts.what} before the run, but its input is ${facts.input}`,
    help: 'state the size in the `shape` of the input instead of `null`, or pool globally before this layer',
  }
}

export function stridesWithDilation(strides: string, dilation: string): ShapeMessage {
  return {
    code: 'shape/strides-with-dilation',
    message: `\`strides\` ${strides} and \`dilationRate\` ${dilation} cannot both be above 1: no engine computes this convolution`,
    help: 'leave one of the two at 1',
  }
}

export function constraintAxis(facts: { axis: number; weight: string; shape: string; rank: number }): ShapeMessage {
  const { axis, weight, shape, rank } = facts
  return {
    code: 'shape/bad-axis',
    message: `the constraint takes norms along axis ${axis}, but \`${weight}\` is ${shape}: its axes are 0 to ${rank - 1}`,
    help: 'axes of weights count from 0, and there is no batch among them',
  }
}

export function constraintBounds(facts: { minValue: number; maxValue: number }): ShapeMessage {
  const { minValue, maxValue } = facts
  return {
    code: 'schema/out-of-range',
    message: `no norm lies within the constraint: \`minValue\` is ${minValue}, and \`maxValue\` ${maxValue}`,
    help: '`minValue` is 0 where nothing is said, and `maxValue` 1',
  }
}

export function badAxis(facts: { axis: number; rank: number; shape: string }): ShapeMessage {
  return {
    code: 'shape/bad-axis',
    message: `axis ${facts.axis} is not an axis of ${facts.shape}: the axes are 1 to ${facts.rank} (0 is the batch), or -${facts.rank} to -1 from the end`,
    help: 'use -1 for the channels',
  }
}

export function fallsToZero(facts: { what: string; input: string; result: string }): ShapeMessage {
  return {
    code: 'shape/falls-to-zero',
    message: `${facts.what} leaves nothing of the ${facts.input} input: ${facts.result}`,
    help: 'take away less, or shrink the input less before this layer',
  }
}

export function notImplemented(facts: { layer: string; option: string; why: string; help: string }): ShapeMessage {
  return {
    code: 'engine/not-implemented',
    message: `TensorFlow.js does not carry out \`${facts.option}\` of \`${facts.layer}\`: ${facts.why}`,
    help: facts.help,
  }
}

export function noGradient(facts: { layer: string; why: string; help: string }): ShapeMessage {
  return {
    code: 'engine/not-trainable',
    message: `\`${facts.layer}\` cannot be trained through: ${facts.why}`,
    help: facts.help,
  }
}

export function cannotBroadcast(facts: { layer: string; left: string; right: string }): ShapeMessage {
  return {
    code: 'shape/incompatible-inputs',
    message: `\`${facts.layer}\` joins its inputs value by value, but they are ${facts.left} and ${facts.right}`,
    help: 'aligned at their last axes, sizes must be equal or one of them 1; a `dense` or a 1x1 `conv2d` on one side can bring them to one shape',
  }
}

export function unlikeBesideAxis(facts: { layer: string; axis: number; left: string; right: string }): ShapeMessage {
  return {
    code: 'shape/incompatible-inputs',
    message: `\`${facts.layer}\` joins its inputs along axis ${facts.axis}, so their other sizes must be equal, but they are ${facts.left} and ${facts.right}`,
    help: 'join them along another axis, or bring the other sizes to one value first',
  }
}

export function dotMismatch(facts: { left: string; right: string; leftAxis: number; rightAxis: number }): ShapeMessage {
  return {
    code: 'shape/incompatible-inputs',
    message: `\`dot\` sums over axis ${facts.leftAxis} of ${facts.left} and axis ${facts.rightAxis} of ${facts.right}, which are of different sizes`,
    help: 'name axes of equal size in `axes: [left, right]`; the batch is axis 0',
  }
}

export function repeatedAxis(option: string, axis: number): ShapeMessage {
  return {
    code: 'shape/bad-axis',
    message: `\`${option}\` names the axis ${axis} twice`,
    help: 'name each axis once',
  }
}

export function lengthMismatch(facts: { option: string; stated: string; input: string }): ShapeMessage {
  return {
    code: 'shape/size-mismatch',
    message: `\`${facts.option}\` says ${facts.stated}, but the input is ${facts.input}`,
    help: `leave \`${facts.option}\` out: the input states its size`,
  }
}

export function severalUnknown(option: string): ShapeMessage {
  return {
    code: 'shape/unknown-size',
    message: `\`${option}\` leaves more than one size open, and only one follows from the number of values`,
    help: 'keep one -1 and state the others',
  }
}

export function reshapeMismatch(facts: {
  input: string
  values: number
  target: string
  stated: number
  open: boolean
}): ShapeMessage {
  const { input, values, target, stated, open } = facts
  return {
    code: 'shape/size-mismatch',
    message: open
      ? `${input} has ${values} values, which do not divide into ${target}: ${values} / ${stated} is no whole number`
      : `${input} has ${values} values, but ${target} has ${stated}`,
    help: 'a reshape keeps the number of values; -1 for one size lets it follow from the others',
  }
}

export function notAPermutation(facts: { dims: string; rank: number; shape: string }): ShapeMessage {
  const axes = Array.from({ length: facts.rank }, (_item, axis) => axis + 1).join(', ')
  return {
    code: 'shape/bad-axis',
    message: `\`dims\` [${facts.dims}] does not name each axis of ${facts.shape} once: they are ${axes}`,
    help: 'the batch is not counted, and stays first',
  }
}

export function noiseMismatch(facts: { stated: string; input: string; axes: number }): ShapeMessage {
  return {
    code: 'shape/size-mismatch',
    message: `\`noiseShape\` [${facts.stated}] does not stretch to ${facts.input}: it has ${facts.axes} sizes, the batch first, each null, 1 or that of the input`,
    help: 'null or 1 stand for the batch, whose size is not known',
  }
}

export function cannotHold(holder: string, type: string): ShapeMessage {
  return {
    code: 'graph/wrong-arity',
    message: `\`${holder}\` cannot hold \`${type}\`: it holds a layer of one input`,
    help: 'for example `layer: { dense: { units: 10 } }`',
  }
}

export function cropTooLarge(facts: { crop: string; input: string }): ShapeMessage {
  return {
    code: 'shape/size-mismatch',
    message: `a crop of ${facts.crop} is larger than its ${facts.input} input`,
    help: 'crop less, or enlarge the image before by `upSampling2d`',
  }
}

export function oneNumberOnly(input: string): ShapeMessage {
  return {
    code: 'shape/size-mismatch',
    message: `\`oneHot\` takes one number a sample, but the input is ${input}`,
    help: '`multiHot` and `count` take several',
  }
}

export function wrongBounds(option: string, low: number, high: number): ShapeMessage {
  return {
    code: 'schema/out-of-range',
    message: `\`${option}\` goes from ${low} to ${high}: the lower bound comes first`,
    help: 'exchange them',
  }
}

export function initializerMisfit(facts: { initializer: string; weight: string; shape: string }): ShapeMessage {
  const { initializer, weight, shape } = facts
  const makes = initializer === 'identity' ? 'a square matrix' : 'a matrix, of two axes or more'
  return {
    code: 'shape/initializer-misfit',
    message: `\`${initializer}\` makes ${makes}, but the ${weight} is ${shape}`,
    help: 'use another initializer, such as `glorotNormal` or `heNormal`',
  }
}

export function reusedWeights(facts: {
  name: string
  weight: string
  made: string
  own: string
  given: string
  needed: string
}): ShapeMessage {
  const { name, weight, made, own, given, needed } = facts
  return {
    code: 'shape/shared-weights',
    message: `\`${name}\` has a ${weight} of ${own}, made for ${made}; this use gives it ${given}, which needs one of ${needed}`,
    help: 'all uses of a layer share its weights: bring the inputs to one shape, or give each a layer of its own',
  }
}

export function reusedAcrossShapes(facts: {
  name: string
  type: string
  limit: 'rank' | 'values' | 'sizes' | 'step' | 'evenRanks'
  made: string
  given: string
}): ShapeMessage {
  const { name, type, limit, made, given } = facts
  const what = {
    rank: 'inputs of as many axes',
    values: 'inputs of as many values',
    sizes: 'inputs of the same sizes',
    step: 'steps of the same sizes',
    evenRanks: 'inputs with as many axes as each other',
  }[limit]
  return {
    code: 'shape/shared-weights',
    message: `\`${name}\` is made for ${made}, and as a \`${type}\` takes ${what} in all its uses; this one gives it ${given}`,
    help: 'bring the inputs to one shape, or give each a layer of its own',
  }
}
