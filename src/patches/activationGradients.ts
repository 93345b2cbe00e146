/**
 * Computes the gradients of relu, relu6, sigmoid and tanh in one pass by the kernels `ReluGrad`, `Relu6Grad`, `SigmoidGrad`
 * and `TanhGrad`, on backends that have them: faster, with the same result.
 *
 * Upstream: none; the stock gradients in Relu_grad.ts, Relu6_grad.ts, Sigmoid_grad.ts and Tanh_grad.ts of tfjs-core are
 *   correct, but take several passes
 * Test: test/patches/gradients.test.ts
 * Until: these files run a single kernel each
 */
import * as tf from '@tensorflow/tfjs'
import { replaceGradient } from './replaceGradient.ts'

/** A kernel that multiplies dy by the slope of an activation. */
interface SlopeKernel {
  readonly name: string
  /** What the kernel takes beside dy: the input of the activation, or its output. */
  readonly at: 'x' | 'y'
}

const kernels: Readonly<Record<string, SlopeKernel>> = {
  Relu: { name: 'ReluGrad', at: 'x' },
  Relu6: { name: 'Relu6Grad', at: 'x' },
  Sigmoid: { name: 'SigmoidGrad', at: 'y' },
  Tanh: { name: 'TanhGrad', at: 'y' },
}

export function fuseActivationGradients(): void {
  for (const [activation, { name, at }] of Object.entries(kernels)) {
    const run = (saved: tf.Tensor, dy: tf.Tensor) => tf.engine().runKernel(name, { [at]: saved, dy }) as tf.Tensor
    replaceGradient(activation, (dy, [saved]) => (hasKernel(name) ? { x: () => run(saved!, dy) } : null))
    // The slopes of relu and relu6 are constant in each part, and TensorFlow.js takes saved outputs as constants in gradients of gradients.
    tf.registerGradient({
      kernelName: name,
      inputsToSave: [at],
      gradFunc: (ddx, [saved]) => ({
        [at]: () => tf.zerosLike(saved!),
        dy: () => run(saved!, ddx as tf.Tensor),
      }),
    })
  }
}

function hasKernel(kernelName: string): boolean {
  return tf.getKernel(kernelName, tf.getBackend()) !== undefined
}
