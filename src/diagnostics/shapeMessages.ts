/** The messages of shape errors. Each gives the formula, or both of the sizes that differ. */
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
    message: `the ${window} ${what} exceeds its ${input} input: ⌊(${size} - ${span}) / ${stride}⌋ + 1 = ${result} positions`,
    help: `use a smaller \`${facts.option}\`, \`padding: same\`, or shrink the input less before this layer`,
  }
}

export function wrongRank(facts: { layer: string; wants: string; got: string; help: string }): ShapeMessage {
  return {
    code: 'shape/wrong-rank',
    message: `\`${facts.layer}\` needs ${facts.wants}, but its input is ${facts.got}`,
    help: facts.help,
  }
}

export function unknownSize(facts: { layer: string; what: string; input: string }): ShapeMessage {
  return {
    code: 'shape/unknown-size',
    message: `\`${facts.layer}\` needs to know ${facts.what} before the run, but its input is ${facts.input}`,
    help: 'replace `null` in the `shape` of the input with the size, or add a global pooling layer before this one',
  }
}

export function stridesWithDilation(strides: string, dilation: string): ShapeMessage {
  return {
    code: 'shape/strides-with-dilation',
    message: `\`strides\` ${strides} and \`dilationRate\` ${dilation} cannot both be above 1: no engine implements this convolution`,
    help: 'set one of the two to 1',
  }
}

export function constraintAxis(facts: { axis: number; weight: string; shape: string; rank: number }): ShapeMessage {
  const { axis, weight, shape, rank } = facts
  return {
    code: 'shape/bad-axis',
    message: `the constraint computes norms along axis ${axis}, but \`${weight}\` is ${shape}: its axes are 0 to ${rank - 1}`,
    help: 'the axes of weights count from 0, without a batch axis',
  }
}

export function constraintBounds(facts: { minValue: number; maxValue: number }): ShapeMessage {
  const { minValue, maxValue } = facts
  return {
    code: 'schema/out-of-range',
    message: `no norm satisfies the constraint: \`minValue\` ${minValue} exceeds \`maxValue\` ${maxValue}`,
    help: 'the defaults are `minValue: 0` and `maxValue: 1`',
  }
}

export function uniformBounds({ minval, maxval }: { minval: number; maxval: number }): ShapeMessage {
  return {
    code: 'schema/out-of-range',
    message: `no number satisfies the bounds: \`minval\` ${minval} exceeds \`maxval\` ${maxval}`,
    help: 'the defaults are `minval: -0.05` and `maxval: 0.05`',
  }
}

export function badAxis(facts: { axis: number; rank: number; shape: string }): ShapeMessage {
  return {
    code: 'shape/bad-axis',
    message: `axis ${facts.axis} does not exist in ${facts.shape}: the axes are 1 to ${facts.rank} (0 is the batch), or -${facts.rank} to -1 from the end`,
    help: 'use -1 for the channels',
  }
}

export function fallsToZero(facts: { what: string; input: string; result: string }): ShapeMessage {
  return {
    code: 'shape/falls-to-zero',
    message: `${facts.what} leaves nothing of the ${facts.input} input: ${facts.result}`,
    help: 'remove less, or shrink the input less before this layer',
  }
}

export function notImplemented(facts: { layer: string; option: string; why: string; help: string }): ShapeMessage {
  return {
    code: 'engine/not-implemented',
    message: `TensorFlow.js does not implement \`${facts.option}\` of \`${facts.layer}\`: ${facts.why}`,
    help: facts.help,
  }
}

export function noGradient(facts: { layer: string; why: string; help: string }): ShapeMessage {
  return {
    code: 'engine/not-trainable',
    message: `no gradient flows through \`${facts.layer}\`: ${facts.why}`,
    help: facts.help,
  }
}

export function cannotBroadcast(facts: { layer: string; left: string; right: string }): ShapeMessage {
  return {
    code: 'shape/incompatible-inputs',
    message: `\`${facts.layer}\` combines its inputs element by element, but they are ${facts.left} and ${facts.right}`,
    help: 'aligned at the last axis, sizes must be equal or 1; add a `dense` or 1x1 `conv2d` layer to one input to match the other',
  }
}

export function mismatchOutsideAxis(facts: { layer: string; axis: number; left: string; right: string }): ShapeMessage {
  return {
    code: 'shape/incompatible-inputs',
    message: `\`${facts.layer}\` joins its inputs along axis ${facts.axis}, so their other sizes must be equal, but they are ${facts.left} and ${facts.right}`,
    help: 'join them along another axis, or make the other sizes equal first',
  }
}

export function dotMismatch(facts: { left: string; right: string; leftAxis: number; rightAxis: number }): ShapeMessage {
  return {
    code: 'shape/incompatible-inputs',
    message: `\`dot\` sums over axis ${facts.leftAxis} of ${facts.left} and axis ${facts.rightAxis} of ${facts.right}, but their sizes differ`,
    help: 'choose axes of equal size with `axes: [left, right]`; axis 0 is the batch',
  }
}

export function repeatedAxis(axis: number): ShapeMessage {
  return {
    code: 'shape/bad-axis',
    message: `\`axis\` lists axis ${axis} twice`,
    help: 'list each axis once',
  }
}

export function lengthMismatch(facts: { option: string; stated: string; input: string }): ShapeMessage {
  return {
    code: 'shape/size-mismatch',
    message: `\`${facts.option}\` is ${facts.stated}, but the input is ${facts.input}`,
    help: `remove \`${facts.option}\`: the size follows from the input`,
  }
}

export function severalUnknown(option: string): ShapeMessage {
  return {
    code: 'shape/unknown-size',
    message: `\`${option}\` has more than one open size, but only one can be inferred`,
    help: 'keep one -1 and give the other sizes',
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
      ? `${input} has ${values} values, which is not a multiple of ${stated}, so it cannot become ${target}`
      : `${input} has ${values} values, but ${target} has ${stated}`,
    help: 'a reshape must keep the number of values; use -1 for one size to infer it',
  }
}

export function notAPermutation(facts: { dims: string; rank: number; shape: string }): ShapeMessage {
  const axes = Array.from({ length: facts.rank }, (_item, axis) => axis + 1).join(', ')
  return {
    code: 'shape/bad-axis',
    message: `\`dims\` [${facts.dims}] must list each axis of ${facts.shape} once: ${axes}`,
    help: 'axes count from 1; the batch stays first',
  }
}

export function noiseMismatch(facts: { stated: string; input: string; axes: number }): ShapeMessage {
  return {
    code: 'shape/size-mismatch',
    message: `\`noiseShape\` [${facts.stated}] does not broadcast to ${facts.input}: it needs ${facts.axes} sizes, the batch first, each of them null, 1 or the size of the input`,
    help: 'use null or 1 for the batch, whose size is unknown',
  }
}

export function cannotNest(holder: string, type: string): ShapeMessage {
  return {
    code: 'graph/wrong-arity',
    message: `\`${holder}\` cannot wrap \`${type}\`: it needs a layer with one input`,
    help: 'for example, `layer: { dense: { units: 10 } }`',
  }
}

export function strayInNested(holder: string, key: string): ShapeMessage {
  return {
    code: 'schema/unknown-key',
    message: `\`${key}\` has no meaning on the layer inside \`${holder}\``,
    help: `write it on \`${holder}\` itself`,
  }
}

export function cropTooLarge(facts: { crop: string; input: string }): ShapeMessage {
  return {
    code: 'shape/size-mismatch',
    message: `a crop of ${facts.crop} exceeds its ${facts.input} input`,
    help: 'crop less, or enlarge the image first with `upSampling2d`',
  }
}

export function oneNumberOnly(input: string): ShapeMessage {
  return {
    code: 'shape/size-mismatch',
    message: `\`oneHot\` needs one number per sample, but the input is ${input}`,
    help: 'use `multiHot` or `count` for several numbers',
  }
}

export function wrongBounds(option: string, low: number, high: number): ShapeMessage {
  return {
    code: 'schema/out-of-range',
    message: `the lower bound of \`${option}\`, ${low}, exceeds the upper bound, ${high}`,
    help: 'swap the bounds',
  }
}

export function initializerMisfit(facts: { initializer: string; weight: string; shape: string }): ShapeMessage {
  const { initializer, weight, shape } = facts
  const makes = initializer === 'identity' ? 'a square matrix' : 'a matrix with at least two axes'
  return {
    code: 'shape/initializer-misfit',
    message: `\`${initializer}\` creates ${makes}, but the ${weight} is ${shape}`,
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
    message: `the ${weight} of \`${name}\` is ${own}, created for an input of ${made}; the input here is ${given}, which needs ${needed}`,
    help: 'all uses of a layer share its weights: make the input shapes equal, or use separate layers',
  }
}

export function reusedAcrossShapes(facts: {
  name: string
  type: string
  limit: 'rank' | 'elementCount' | 'shape' | 'stepShape' | 'commonRank'
  made: string
  given: string
}): ShapeMessage {
  const { name, type, limit, made, given } = facts
  const what = {
    rank: 'inputs with the same number of axes',
    elementCount: 'inputs with the same number of values',
    shape: 'inputs of the same shape',
    stepShape: 'steps of the same shape',
    commonRank: 'inputs that all have the same number of axes',
  }[limit]
  return {
    code: 'shape/shared-weights',
    message: `\`${name}\` was created for ${made}, and all uses of a \`${type}\` layer need ${what}; the input here is ${given}`,
    help: 'make the input shapes equal, or use separate layers',
  }
}
