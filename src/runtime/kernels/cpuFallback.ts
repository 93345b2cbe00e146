import * as tf from '@tensorflow/tfjs'
import type { KernelContext } from './kernelContext.ts'

/** The parts of the CPU backend that are used to run its kernels. */
export interface CpuBackend {
  makeTensorInfo(shape: readonly number[], dtype: tf.DataType, values: tf.backend_util.BackendValues): tf.TensorInfo
  readSync(dataId: object): tf.backend_util.BackendValues
  disposeData(dataId: object, force?: boolean): boolean
}

/**
 * Lets the CPU backend's kernels stand in for those that the WASM backend lacks, and for those that give wrong numbers
 * there. Numbers are read where they are, and results are copied. The WASM backend cannot hold complex numbers, so the
 * kernels for them stay away.
 */
export function registerCpuFallbacks(context: KernelContext): void {
  const unfit = new Set(['Complex', 'ComplexAbs', 'FFT', 'IFFT', 'Real', 'Imag', 'Draw'])
  for (const { kernelName } of tf.getKernelsForBackend('cpu')) {
    const missing = !tf.getKernel(kernelName, 'wasm') && !unfit.has(kernelName)
    if (missing || wronglyComputedKernels().includes(kernelName)) {
      context.replace(kernelName, cpuKernel(context, kernelName))
    }
  }
}

/**
 * Kernels of @tensorflow/tfjs-backend-wasm 4.22 that are wrong: the gradient of a 3D convolution's input always, that
 * of its filter with strides, 3D max pooling, forward and backward, where all values of a window are negative, and the
 * gradients of dilation.
 */
function wronglyComputedKernels(): readonly string[] {
  return [
    'Conv3DBackpropInputV2',
    'Conv3DBackpropFilterV2',
    'MaxPool3D',
    'MaxPool3DGrad',
    'Dilation2DBackpropInput',
    'Dilation2DBackpropFilter',
  ]
}

/** The CPU backend's kernel of that name, as a kernel for the WASM backend. */
export function cpuKernel(context: KernelContext, kernelName: string): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const cpu = tf.engine().findBackend('cpu') as unknown as CpuBackend
    const borrowed = new Map<object, tf.TensorInfo>()
    const lend = (tensor: tf.TensorInfo): tf.TensorInfo => {
      const lent = cpu.makeTensorInfo(tensor.shape, tensor.dtype, readValues(context, tensor))
      borrowed.set(lent.dataId, lent)
      // The types promise no rank, but the gradient of dilation reads it.
      return Object.assign(lent, { rank: tensor.shape.length })
    }
    // Some kernels take a list of tensors where the types say a map.
    const lentInputs = Array.isArray(inputs)
      ? inputs.map(lend)
      : Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, tensor && lend(tensor)]))
    const takeBack = (result: tf.TensorInfo): tf.TensorInfo => {
      const output = writeValues(context, result, cpu.readSync(result.dataId))
      if (!borrowed.has(result.dataId)) cpu.disposeData(result.dataId, true)
      return output
    }
    const kernel = tf.getKernel(kernelName, 'cpu')
    const results = kernel.kernelFunc({
      inputs: lentInputs as tf.NamedTensorInfoMap,
      backend: cpu,
      ...(attrs && { attrs }),
    })
    const outputs = Array.isArray(results) ? results.map(takeBack) : takeBack(results)
    for (const lent of borrowed.values()) cpu.disposeData(lent.dataId, true)
    return outputs
  }
}

/** A tensor's values: a view of the WASM memory, or a copy if they are strings. */
function readValues(context: KernelContext, tensor: tf.TensorInfo): tf.backend_util.BackendValues {
  const { buffer } = context.backend.wasm.asm.memory
  const size = tf.util.sizeFromShape(tensor.shape)
  switch (tensor.dtype) {
    case 'float32':
      return new Float32Array(buffer, context.address(tensor), size)
    case 'int32':
      return new Int32Array(buffer, context.address(tensor), size)
    case 'bool':
      return new Uint8Array(buffer, context.address(tensor), size)
    default:
      return context.backend.readSync(tensor.dataId)
  }
}

/** A tensor of the WASM backend with these values. */
function writeValues(
  context: KernelContext,
  { shape, dtype }: tf.TensorInfo,
  values: tf.backend_util.BackendValues,
): tf.TensorInfo {
  if (dtype === 'string') return context.backend.makeOutput(shape, dtype, undefined, values)
  const numbers = values as tf.TypedArray
  // Making room may replace the memory under a view of it, hence the copy.
  const copy =
    dtype === 'bool'
      ? Uint8Array.from(numbers)
      : dtype === 'int32'
        ? Int32Array.from(numbers)
        : Float32Array.from(numbers)
  return context.backend.makeOutput(shape, dtype, undefined, copy)
}
