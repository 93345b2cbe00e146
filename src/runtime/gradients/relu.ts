import * as tf from '@tensorflow/tfjs'
import { replaceGradient } from './replaceGradient.ts'

/** Relu's gradient in one pass, on backends with a kernel `ReluGrad`; on others it stays the stock one. */
export function mendReluGradient(): void {
  replaceGradient('Relu', (dy, [x]) => (hasKernel('ReluGrad') ? { x: () => runReluGradient(x, dy) } : null))
  tf.registerGradient({
    kernelName: 'ReluGrad',
    inputsToSave: ['x', 'dy'],
    gradFunc: (ddx, [x]) => ({
      x: () => tf.zerosLike(x as tf.Tensor),
      dy: () => runReluGradient(x, ddx as tf.Tensor),
    }),
  })
}

function hasKernel(kernelName: string): boolean {
  return tf.getKernel(kernelName, tf.getBackend()) !== undefined
}

function runReluGradient(x: tf.Tensor | undefined, dy: tf.Tensor): tf.Tensor {
  return tf.engine().runKernel('ReluGrad', { x: x as tf.Tensor, dy }) as tf.Tensor
}
