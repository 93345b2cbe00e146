/**
 * Uses kernels of the cpu backend for operations that tfjs-node lacks, and for depthwise convolutions that libtensorflow
 * refuses on CPUs.
 *
 * Upstream: https://github.com/tensorflow/tfjs/issues/4606 (one such kernel),
 *   https://github.com/tensorflow/tensorflow/issues/33005 (strides)
 * Test: test/patches/nodeFallback.test.ts
 * Until: tfjs-node registers the kernels of the cpu backend, and libtensorflow supports unequal strides
 */
import * as tf from '@tensorflow/tfjs'

/** The methods of both backends that moving values between them takes. */
interface NumberStore {
  readSync(dataId: object): tf.backend_util.BackendValues
  write(values: tf.backend_util.BackendValues, shape: readonly number[], dtype: tf.DataType): object
  disposeData(dataId: object, force?: boolean): boolean
}

/** Registers the kernels with tfjs-node. Idempotent. */
export function registerNodeFallbacks(): void {
  if (tf.getKernel('DenseBincount', 'tensorflow')) return
  for (const { kernelName } of tf.getKernelsForBackend('cpu')) {
    if (!tf.getKernel(kernelName, 'tensorflow')) replaceOnNode(kernelName, cpuKernelOnNode(kernelName))
  }
  for (const kernelName of [
    'DepthwiseConv2dNative',
    'DepthwiseConv2dNativeBackpropInput',
    'DepthwiseConv2dNativeBackpropFilter',
  ]) {
    const { kernelFunc } = tf.getKernel(kernelName, 'tensorflow')
    const onCpu = cpuKernelOnNode(kernelName)
    replaceOnNode(kernelName, (call) => (isUneven(call.attrs) ? onCpu(call) : kernelFunc(call)))
  }
}

function replaceOnNode(kernelName: string, kernelFunc: tf.KernelFunc): void {
  if (tf.getKernel(kernelName, 'tensorflow')) tf.unregisterKernel(kernelName, 'tensorflow')
  tf.registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc })
}

/** Whether a depthwise convolution has unequal strides or a dilation, which libtensorflow refuses on CPUs. */
function isUneven(attrs: tf.NamedAttrMap | undefined): boolean {
  const { strides, dilations } = attrs as { strides: number | number[]; dilations?: number | number[] | null }
  const [across, down] = [[strides].flat()[0], [strides].flat().at(-1)]
  return across !== down || [dilations ?? 1].flat().some((rate) => rate !== 1)
}

/** Wraps a kernel of the cpu backend as a kernel of tfjs-node. */
function cpuKernelOnNode(kernelName: string): tf.KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const [node, cpu] = [backend, tf.engine().findBackend('cpu')] as unknown as [NumberStore, NumberStore]
    const move = ({ dataId, shape, dtype }: tf.TensorInfo, from: NumberStore, to: NumberStore): tf.TensorInfo => {
      return { dataId: to.write(from.readSync(dataId), shape, dtype), shape, dtype }
    }
    const lent: tf.TensorInfo[] = []
    const lend = (tensor: tf.TensorInfo): tf.TensorInfo => {
      const moved = move(tensor, node, cpu)
      lent.push(moved)
      return moved
    }
    // Some kernels take a list of tensors although the type is a map.
    const lentInputs = Array.isArray(inputs)
      ? inputs.map(lend)
      : Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, tensor && lend(tensor)]))
    const { kernelFunc } = tf.getKernel(kernelName, 'cpu')
    const call = { inputs: lentInputs as tf.NamedTensorInfoMap, backend: cpu, ...(attrs && { attrs }) }
    const results = [kernelFunc(call)].flat()
    const outputs = results.map((result) => move(result, cpu, node))
    for (const { dataId } of [...lent, ...results]) cpu.disposeData(dataId, true)
    return outputs.length === 1 ? outputs[0]! : outputs
  }
}
