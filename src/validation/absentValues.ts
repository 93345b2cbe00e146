/** The options that this language lacks whose values are what happens anyway, or have another form here. */
import { foldSpelling } from '../diagnostics/didYouMean.ts'
import { affine, betas, only, type Convert, type Options } from './foreignArguments.ts'

/** For an option that changes nothing here, whatever its value. */
const anyValue: Convert = () => ({})

/** By the words of `absentOptions` and `absentTrainingOptions`. */
export const absentValues: Readonly<Record<string, Convert>> = {
  affine,
  amsgrad: only(false),
  autocast: anyValue,
  batchfirst: only(true),
  betas,
  bidirectional: only(false),
  capturable: anyValue,
  ceilmode: only(false),
  countincludepad: only(false),
  dampening: only(0),
  dataformat: only('channels_last', 'channelsLast'),
  differentiable: only(false),
  dtype: only('float32', 'torch.float32', 'torch.float'),
  dtypepolicy: only('float32'),
  elementwiseaffine: affine,
  emamomentum: only(0.99),
  foreach: anyValue,
  fused: anyValue,
  groups: only(1),
  ignoreindex: only(-100),
  inplace: anyValue,
  jitcompile: anyValue,
  keepdims: only(false),
  labelsmoothing: only(0),
  maximize: only(false),
  numlayers: only(1),
  paddingmode: only('zeros'),
  projsize: only(0),
  ragged: only(false),
  reduction: only('mean', 'auto', 'sum_over_batch_size'),
  returnindices: only(false),
  returnstate: only(false),
  savebestonly: (value) => (value === true ? { keep: 'best' } : value === false ? {} : undefined),
  saveweightsonly: anyValue,
  sparse: only(false),
  staircase: only(false),
  stateful: only(false),
  synchronized: only(false),
  timemajor: only(false),
  trackrunningstats: only(true),
  unroll: anyValue,
  usecudnn: anyValue,
  verbose: anyValue,
  useema: only(false),
  weightdecay: only(0),
  zerooutputformask: only(false),
}

/**
 * What to write for an absent option: nothing, or other options. Returns undefined if its value has no equivalent. Null is
 * the None of Python, which stands for the default.
 */
export function convertAbsent(key: string, value: unknown): Options | undefined {
  return value === null ? {} : absentValues[foldSpelling(key)]?.(value, {})
}
