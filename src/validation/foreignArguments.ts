/** Converts arguments of other libraries to options. */

export type Options = Readonly<Record<string, unknown>>

/** Converts an argument, given all arguments by their original names; returns undefined if there is no equivalent. */
export type Convert = (value: unknown, given: Options) => Options | undefined

export type Args = Readonly<Record<string, string | null | Convert>>

/** An argument without a counterpart, so only these values, such as its default, can be translated. */
export const only =
  (...values: readonly unknown[]): Convert =>
  (value) =>
    values.some((one) => JSON.stringify(one) === JSON.stringify(value)) ? {} : undefined

/** The two decay rates of Adam. */
export const betas: Convert = (value) =>
  Array.isArray(value) && value.length === 2 ? { beta1: value[0], beta2: value[1] } : undefined

/** Whether a normalization is followed by a scale and a shift, which are two options here. */
export const affine: Convert = (value) => (value === false ? { center: false, scale: false } : {})

/** The arguments of torch.nn.Conv1d, Conv2d and Conv3d; their lazy forms do not state the input channels. */
export function convolution(statesChannels: boolean): Args {
  return {
    ...(statesChannels && { in_channels: null }),
    out_channels: 'filters',
    kernel_size: 'kernelSize',
    stride: 'strides',
    // A number is translated later, by paddingFixes, to a word or a layer of its own.
    padding: 'padding',
    dilation: 'dilationRate',
    groups: only(1),
    bias: 'useBias',
    padding_mode: only('zeros'),
  }
}

/**
 * Translates a number of zeros on each side to a word: `same` adds dilation · (kernelSize - 1) zeros, half of them on each
 * side, if the stride is 1.
 */
export function namedPadding(value: unknown, axes: number, options: Options): Options | undefined {
  if (typeof value === 'string') return { padding: value.toLowerCase() }
  const zeros = perAxis(value, axes)
  if (zeros === undefined) return undefined
  if (zeros.every((count) => count === 0)) return { padding: 'valid' }
  const kernel = perAxis(options['kernelSize'], axes)
  const strides = perAxis(options['strides'] ?? 1, axes)
  const dilation = perAxis(options['dilationRate'] ?? 1, axes)
  if (kernel === undefined || strides === undefined || dilation === undefined) return undefined
  const isSame = zeros.every(
    (count, axis) => strides[axis] === 1 && 2 * count === dilation[axis]! * (kernel[axis]! - 1),
  )
  return isSame ? { padding: 'same' } : undefined
}

export function perAxis(value: unknown, axes: number): readonly number[] | undefined {
  const values = Array.isArray(value) ? (value as unknown[]) : Array.from({ length: axes }, () => value)
  const areWhole = values.every((one): one is number => Number.isInteger(one) && (one as number) >= 0)
  return areWhole && values.length === axes ? values : undefined
}
