/**
 * Lets kernels of the webgpu backend take tensors of five and more axes: their shaders are wrong or refused there, or values
 * would be read from the card. The tensors are reshaped to fewer axes.
 *
 * Upstream: none found; the files below of tfjs-backend-webgpu 4.22
 * Test: test/runtime/engines/webgpu.test.ts
 * Until: pad_webgpu.ts, tile_webgpu.ts, select_webgpu.ts, binary_op_webgpu.ts and Reverse.ts of tfjs-backend-webgpu accept
 *   six axes
 */
import * as tf from '@tensorflow/tfjs'

type Call = Parameters<tf.KernelFunc>[0]

/** The number of axes that the stock kernels take. */
const mostAxes = 4

const binaryKernels = ['Add', 'Sub', 'Multiply', 'RealDiv', 'Maximum', 'Minimum', 'Pow', 'SquaredDifference', 'Prelu']

/** Registers the kernels with the webgpu backend. The caller does so once. */
export function fixWebgpuRanks(): void {
  replace('PadV2', 'x', ({ inputs, attrs }) => {
    const { paddings, constantValue } = attrs as unknown as { paddings: [number, number][]; constantValue: number }
    const padded = axesWhere(paddings, ([before, after]) => before > 0 || after > 0)
    return alongAxes(inputs['x'] as tf.Tensor, padded, (x, axis) =>
      tf.pad3d(x, [[0, 0], paddings[axis]!, [0, 0]], constantValue),
    )
  })
  replace('Tile', 'x', ({ inputs, attrs }) => {
    const { reps } = attrs as unknown as { reps: number[] }
    const repeated = axesWhere(reps, (times) => times !== 1)
    return alongAxes(inputs['x'] as tf.Tensor, repeated, (x, axis) => tf.tile(x, [1, reps[axis]!, 1]))
  })
  replace('Reverse', 'x', ({ inputs, attrs }) => {
    const { dims } = attrs as unknown as { dims: number | number[] }
    const x = inputs['x'] as tf.Tensor
    return alongAxes(x, tf.util.parseAxisParam(dims, x.shape), (one) => tf.reverse3d(one, 1))
  })
  replace('Select', 't', ({ inputs }) => {
    const [condition, t, e] = [inputs['condition'], inputs['t'], inputs['e']] as [tf.Tensor, tf.Tensor, tf.Tensor]
    const flat = (one: tf.Tensor) => tf.reshape(one, [-1])
    return tf.reshape(tf.where(flat(condition), flat(t), flat(e)), t.shape)
  })
  for (const name of binaryKernels) replaceBinary(name)
}

/** Replaces a kernel for inputs of more axes than the stock kernel takes. */
function replace(kernelName: string, input: string, compute: (call: Call) => tf.Tensor): void {
  changeKernel(kernelName, (stock) => (call) => {
    return call.inputs[input]!.shape.length <= mostAxes ? stock(call) : tf.tidy(() => compute(call))
  })
}

/** A vector that is broadcast gets as many axes as the other input. */
function replaceBinary(kernelName: string): void {
  const names = kernelName === 'Prelu' ? (['x', 'alpha'] as const) : (['a', 'b'] as const)
  changeKernel(kernelName, (stock) => (call) => {
    const given = names.map((name) => call.inputs[name]!)
    const rank = Math.max(...given.map(({ shape }) => shape.length))
    if (rank <= mostAxes || given.every(({ shape }) => shape.length !== 1)) return stock(call)
    const inputs = given.map((one) => ({
      ...one,
      shape: [...Array.from({ length: rank - one.shape.length }, () => 1), ...one.shape],
    }))
    return stock({ ...call, inputs: Object.fromEntries(names.map((name, index) => [name, inputs[index]!])) })
  })
}

function changeKernel(kernelName: string, change: (stock: tf.KernelFunc) => tf.KernelFunc): void {
  const { kernelFunc, ...kernel } = tf.getKernel(kernelName, 'webgpu')
  tf.unregisterKernel(kernelName, 'webgpu')
  tf.registerKernel({ ...kernel, kernelFunc: change(kernelFunc) })
}

function axesWhere<T>(values: readonly T[], isChanged: (value: T) => boolean): number[] {
  return [...values.keys()].filter((axis) => isChanged(values[axis]!))
}

/** Changes one axis after the other, each as the middle one of three. */
function alongAxes(
  x: tf.Tensor,
  axes: readonly number[],
  change: (x: tf.Tensor3D, axis: number) => tf.Tensor,
): tf.Tensor {
  const shape = [...x.shape]
  let changed = x
  for (const axis of axes) {
    const [before, after] = [shape.slice(0, axis), shape.slice(axis + 1)].map(tf.util.sizeFromShape) as [number, number]
    changed = change(tf.reshape(changed, [before, shape[axis]!, after]), axis)
    shape[axis] = changed.shape[1]!
  }
  return tf.reshape(changed, shape)
}
