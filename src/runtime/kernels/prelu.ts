import * as tf from '@tensorflow/tfjs'
import { cpuKernel } from './cpuFallback.ts'
import type { KernelContext } from './kernelContext.ts'

/** Registers prelu. The stock kernel is only right if alpha has the last axes of x; the cpu kernel computes the others. */
export function registerPreluKernel(context: KernelContext): void {
  const { kernelFunc } = tf.getKernel('Prelu', 'wasm')
  const onCpu = cpuKernel(context, 'Prelu')
  context.replace('Prelu', (call) => {
    const [x, alpha] = [call.inputs['x']!, call.inputs['alpha']!]
    return repeats(alpha.shape, x.shape) ? kernelFunc(call) : onCpu(call)
  })
}

/** Whether alpha, without its leading axes of size 1, has the last axes of x. */
function repeats(alphaShape: readonly number[], xShape: readonly number[]): boolean {
  const first = alphaShape.findIndex((size) => size !== 1)
  const own = first < 0 ? [] : alphaShape.slice(first)
  return own.every((size, index) => size === xShape[xShape.length - own.length + index])
}
