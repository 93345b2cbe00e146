/** Runs kernels of the CPU backend on tensors of the WASM backend. */
import * as tf from '@tensorflow/tfjs'
import type { KernelContext } from './kernelContext.ts'

/** The methods of the CPU backend that running its kernels takes. */
export interface CpuBackend {
  makeTensorInfo(shape: readonly number[], dtype: tf.DataType, values: tf.backend_util.BackendValues): tf.TensorInfo
  readSync(dataId: object): tf.backend_util.BackendValues
  disposeData(dataId: object, force?: boolean): boolean
}

/**
 * Registers kernels of the CPU backend for those that the WASM backend lacks or computes wrongly. Inputs are read in the
 * WASM memory without a copy, results are copied back. The WASM backend cannot hold complex numbers, so the kernels for
 * them are left out.
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
 * The kernels of @tensorflow/tfjs-backend-wasm 4.22 with wrong results: the gradient of a 3D convolution's input (always)
 * and of its filter (with strides), 3D max pooling and its gradient (if all values of a window are negative), and the
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

/** Wraps a kernel of the CPU backend as a kernel of the WASM backend. */
export function cpuKernel(context: KernelContext, kernelName: string): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const cpu = tf.engine().findBackend('cpu') as unknown as CpuBackend
    const borrowed = new Map<object, tf.TensorInfo>()
    const lend = (tensor: tf.TensorInfo): tf.TensorInfo => {
      const lent = cpu.makeTensorInfo(tensor.shape, tensor.dtype, readValues(context, tensor))
      borrowed.set(lent.dataId, lent)
      // TensorInfo has no rank, but the gradient of dilation reads it.
      return Object.assign(lent, { rank: tensor.shape.length })
    }
    // Some kernels take a list of tensors although the type is a map.
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

/** Reads a tensor's values: a view of the WASM memory, or a copy of strings. */
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

/** Creates a tensor of the WASM backend with a copy of the values. */
function writeValues(
  context: KernelContext,
  { shape, dtype }: tf.TensorInfo,
  values: tf.backend_util.BackendValues,
): tf.TensorInfo {
  if (dtype === 'string') return context.backend.makeOutput(shape, dtype, undefined, values)
  const numbers = values as tf.TypedArray
  // An allocation may replace the memory's buffer and detach a view of it, so the values are copied first.
  const copy =
    dtype === 'bool'
      ? Uint8Array.from(numbers)
      : dtype === 'int32'
        ? Int32Array.from(numbers)
        : Float32Array.from(numbers)
  return context.backend.makeOutput(shape, dtype, undefined, copy)
}
