import * as tf from '@tensorflow/tfjs'
import { replaceGradient } from '../gradients/replaceGradient.ts'

/**
 * Registers the gradient of relu in one pass, on backends with our kernel of it; on others, it is what it was. A second
 * call changes nothing.
 */
export function registerTrainingGradients(): void {
  if (tf.getGradient('ReluGrad')) return
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
