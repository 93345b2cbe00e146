/** Applies the activation of a fused kernel to its result. */
import * as tf from '@tensorflow/tfjs'
import type { KernelContext } from './kernelContext.ts'

/** An activation that is fused into a convolution or matrix product. */
export interface FusedActivation {
  /** `linear`, `relu`, `relu6`, `elu`, `sigmoid`, `leakyrelu` or `prelu`; linear by default. */
  readonly activation?: string
  readonly leakyreluAlpha?: number
}

/**
 * Applies an activation to the result of a kernel and disposes the result. Takes one more pass over the values.
 *
 * @param slopes the learned slopes of `prelu`
 * @returns The activated tensor, or `result` itself if the activation is linear.
 * @throws Error for an activation that the WASM engine cannot fuse.
 */
export function activate(
  context: KernelContext,
  result: tf.TensorInfo,
  { activation = 'linear', leakyreluAlpha = 0.2 }: FusedActivation,
  slopes: tf.TensorInfo | undefined,
): tf.TensorInfo {
  const kernelName = activationKernel(activation)
  if (!kernelName) return result
  const activated = tf.getKernel(kernelName, 'wasm').kernelFunc({
    inputs: kernelName === 'Prelu' ? { x: result, alpha: slopes } : { x: result },
    attrs: { alpha: leakyreluAlpha },
    backend: context.backend,
  }) as tf.TensorInfo
  context.backend.disposeData(result.dataId)
  return activated
}

/** The name of an activation's kernel; null for `linear`. */
function activationKernel(activation: string): string | null {
  switch (activation) {
    case 'linear':
      return null
    case 'relu':
      return 'Relu'
    case 'elu':
      return 'Elu'
    case 'relu6':
      return 'Relu6'
    case 'sigmoid':
      return 'Sigmoid'
    case 'leakyrelu':
      return 'LeakyRelu'
    case 'prelu':
      return 'Prelu'
    default:
      throw new Error(`The WASM engine has no fused activation '${activation}'.`)
  }
}
