import * as tf from '@tensorflow/tfjs'
import { cpuKernel } from './cpuFallback.ts'
import type { KernelContext } from './kernelContext.ts'

/** Registers prelu: the stock kernel repeats alpha along the values, wherever its axes of size 1 are. */
export function registerPreluKernel(context: KernelContext): void {
  const { kernelFunc } = tf.getKernel('Prelu', 'wasm')
  const onCpu = cpuKernel(context, 'Prelu')
  context.replace('Prelu', (call) => {
    const [x, alpha] = [call.inputs['x']!, call.inputs['alpha']!]
    return repeats(alpha.shape, x.shape) ? kernelFunc(call) : onCpu(call)
  })
}

/** Whether alpha, without the axes of size 1 at its front, has the last axes of x. */
function repeats(alphaShape: readonly number[], xShape: readonly number[]): boolean {
  const first = alphaShape.findIndex((size) => size !== 1)
  const own = first < 0 ? [] : alphaShape.slice(first)
  return own.every((size, index) => size === xShape[xShape.length - own.length + index])
}
