/**
 * Replaces kernels of the webgpu backend whose results differ from run to run: they add float32 values by atomic operations,
 * in the order in which the card happens to compute them. Also adds more tensors at once than a shader may read.
 *
 * Upstream: none found; MatMulSplitKProgram, UnsortedSegmentSumProgram and AddN.ts of tfjs-backend-webgpu 4.22
 * Test: test/runtime/engines/webgpu.test.ts
 * Until: the kernels add in a fixed order, and AddN.ts splits its inputs
 */
import * as tf from '@tensorflow/tfjs'

type Call = Parameters<tf.KernelFunc>[0]

/** Registers the kernels with the webgpu backend. The caller does so once. */
export function fixWebgpuKernels(): void {
  for (const name of ['BatchMatMul', '_FusedMatMul']) replace(name, inFixedOrder(sizesOfProduct))
  for (const name of ['Conv2D', 'FusedConv2D']) replace(name, inFixedOrder(sizesOfConvolution))
  replace('UnsortedSegmentSum', (stock) => (call) => {
    const { x } = call.inputs
    return x!.dtype === 'float32' ? sumSegments(call) : stock(call)
  })
  replace('AddN', addInParts)
}

function replace(kernelName: string, change: (stock: tf.KernelFunc) => tf.KernelFunc): void {
  const { kernelFunc, ...kernel } = tf.getKernel(kernelName, 'webgpu')
  tf.unregisterKernel(kernelName, 'webgpu')
  tf.registerKernel({ ...kernel, kernelFunc: change(kernelFunc) })
}

/** The sizes of a matrix product: the number of products, the rows and columns of each, and the terms of each sum. */
interface ProductSizes {
  readonly batch: number
  readonly rows: number
  readonly columns: number
  readonly terms: number
}

/** The flag that selects the shader of matrix products, and its values for automatic choice and for small results. */
const shaderFlag = { name: 'WEBGPU_MATMUL_PROGRAM_TYPE', automatic: -1, small: 2 }

/** Keeps a kernel from splitting its sums: where it would, it uses the shader for small results. */
function inFixedOrder(sizesOf: (call: Call) => ProductSizes): (stock: tf.KernelFunc) => tf.KernelFunc {
  return (stock) => (call) => {
    const { thresholdToIncreaseWorkgroups: few } = call.backend as { thresholdToIncreaseWorkgroups: number }
    if (!splitsSums(sizesOf(call), few)) return stock(call)
    tf.env().set(shaderFlag.name, shaderFlag.small)
    try {
      return stock(call)
    } finally {
      tf.env().set(shaderFlag.name, shaderFlag.automatic)
    }
  }
}

/** The condition of `batchMatMulImpl` in BatchMatMul_impl.ts. */
function splitsSums({ batch, rows, columns, terms }: ProductSizes, few: number): boolean {
  const groups = Math.ceil(rows / 32) * Math.ceil(columns / 32)
  const hasFew = groups <= few || (rows <= 8 && groups <= 2 * few)
  return batch === 1 && hasFew && rows * columns > 128 && terms >= 2000
}

function sizesOfProduct({ inputs, attrs }: Call): ProductSizes {
  const [a, b] = [inputs['a']!.shape, inputs['b']!.shape]
  const { transposeA, transposeB } = attrs as { transposeA?: boolean; transposeB?: boolean }
  const batchOf = (shape: readonly number[]) => tf.util.sizeFromShape(shape.slice(0, -2))
  return {
    batch: Math.max(batchOf(a), batchOf(b)),
    rows: a.at(transposeA === true ? -1 : -2)!,
    columns: b.at(transposeB === true ? -2 : -1)!,
    terms: a.at(transposeA === true ? -2 : -1)!,
  }
}

/** The product that a convolution of channels-last images becomes: by image, or of whole images if the kernel covers them. */
function sizesOfConvolution({ inputs, attrs }: Call): ProductSizes {
  const [x, filter] = [inputs['x']!.shape, inputs['filter']!.shape] as [number[], number[]]
  const { strides, pad, dilations, dimRoundingMode } = attrs as unknown as ConvolutionAttributes
  const info = tf.backend_util.computeConv2DInfo(
    x as [number, number, number, number],
    filter as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
  )
  const coversImage = info.filterHeight === info.inHeight && info.filterWidth === info.inWidth && pad === 'valid'
  return {
    batch: coversImage ? 1 : info.batchSize,
    rows: coversImage ? info.batchSize : info.outHeight * info.outWidth,
    columns: info.outChannels,
    terms: info.filterHeight * info.filterWidth * info.inChannels,
  }
}

interface ConvolutionAttributes {
  readonly strides: number | [number, number]
  readonly pad: 'valid' | 'same' | number
  readonly dilations: number | [number, number]
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** The most elements of a matrix of zeros and ones that selects segments: 16 MiB. */
const mostSelectors = 2 ** 22

/**
 * Adds the rows of each segment, as the product with a matrix of zeros and ones. A NaN in one row therefore reaches all
 * segments.
 */
function sumSegments({ inputs, attrs }: Call): tf.TensorInfo {
  const { x, segmentIds } = inputs as unknown as { x: tf.Tensor; segmentIds: tf.Tensor }
  const { numSegments } = attrs as unknown as { numSegments: number }
  const rows = segmentIds.size
  return tf.tidy(() => {
    const ids = tf.reshape(segmentIds, [1, rows])
    const values = tf.reshape(x, [rows, -1])
    const length = Math.max(1, Math.floor(mostSelectors / rows))
    const parts: tf.Tensor2D[] = []
    for (let start = 0; start < numSegments; start += length) {
      const segments = tf.range(start, Math.min(start + length, numSegments), 1, 'int32')
      const selectors = tf.cast(tf.equal(tf.expandDims(segments, 1), ids), 'float32')
      parts.push(tf.matMul(selectors as tf.Tensor2D, values as tf.Tensor2D))
    }
    return tf.reshape(tf.concat(parts, 0), [numSegments, ...x.shape.slice(1)])
  })
}

/** A shader reads at most seven tensors and writes one. */
const mostTerms = 7

function addInParts(stock: tf.KernelFunc): tf.KernelFunc {
  return ({ inputs, backend, ...call }) => {
    const terms = inputs as unknown as tf.TensorInfo[]
    const add = (part: tf.TensorInfo[]) =>
      stock({ ...call, backend, inputs: part as unknown as tf.NamedTensorInfoMap }) as tf.TensorInfo
    let sum = add(terms.slice(0, mostTerms))
    for (let next = mostTerms; next < terms.length; next += mostTerms - 1) {
      const longer = add([sum, ...terms.slice(next, next + mostTerms - 1)])
      ;(backend as tf.KernelBackend).disposeData(sum.dataId)
      sum = longer
    }
    return sum
  }
}
