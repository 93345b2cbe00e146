// Compiled from the training kernels by Shapewright 0.1.0 (sha256 dcbf6aea1244). It needs @tensorflow/tfjs and @tensorflow/tfjs-backend-wasm.

import * as tf from '@tensorflow/tfjs'

import { readFile } from 'node:fs/promises'
async function loadTrainingModule(memory) {
  const { WebAssembly: webAssembly } = globalThis
  const binary = await readFile(new URL('./trainingKernels.wasm', import.meta.url))
  const { instance } = await webAssembly.instantiate(binary, { env: { memory } })
  return { ...instance.exports }
}

var KernelContext = class {
  backend
  module
  scratchBuffers = /* @__PURE__ */ new Map()
  constructor(backend2, module) {
    this.backend = backend2
    this.module = module
  }
  /** The address of a tensor's first byte. It stays the same when the memory grows. */
  address(tensor2) {
    return this.backend.dataIdMap.get(tensor2.dataId).memoryOffset >>> 0
  }
  /** A new float32 tensor with undefined contents. */
  output(shape) {
    return this.backend.makeOutput([...shape], 'float32')
  }
  /** Sets all elements to 0. */
  fillZeros(tensor2) {
    const { buffer } = this.backend.wasm.asm.memory
    new Float32Array(buffer, this.address(tensor2), tf.util.sizeFromShape(tensor2.shape)).fill(0)
  }
  /**
   * Returns a float32 tensor with the contents of another, for a kernel that changes them in place. It takes over the memory
   * of a tensor that nobody shares: the contents of that tensor must not be read again.
   */
  takeOver({ dataId, shape }) {
    const data = this.backend.dataIdMap.get(dataId)
    const { memoryOffset } = data
    if (data.refCount === 1) {
      data.memoryOffset = 0
      return this.backend.makeOutput(shape, 'float32', memoryOffset)
    }
    const copy = this.output(shape)
    const values = new Float32Array(this.backend.wasm.asm.memory.buffer)
    const from = (memoryOffset >>> 0) / 4
    values.copyWithin(this.address(copy) / 4, from, from + tf.util.sizeFromShape(shape))
    return copy
  }
  /**
   * Returns the address of scratch memory for `count` float32 or int32 elements. The contents are valid until the next
   * call for the same purpose. The buffer is reused, and replaced by a larger one if it is too small.
   *
   * @throws Error if the WASM memory is full.
   */
  scratch(purpose, count) {
    const bytes = count * 4
    const buffer = this.scratchBuffers.get(purpose)
    if (buffer && buffer.bytes >= bytes) return buffer.address
    const { _malloc: allocate, _free: release } = this.backend.wasm
    if (buffer) release(buffer.address)
    const address = allocate(bytes) >>> 0
    if (address === 0) {
      this.scratchBuffers.delete(purpose)
      throw new Error(`The WASM memory is full: ${bytes} bytes could not be allocated. Use a smaller batch.`)
    }
    this.scratchBuffers.set(purpose, { address, bytes })
    return address
  }
  /** Registers a kernel, replacing the one of that name if it exists. */
  replace(kernelName, kernelFunc) {
    if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm')
    tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc })
  }
  /** Registers a kernel for the calls that it handles; the kernel registered before handles the others. */
  improve(kernelName, kernel) {
    const present = tf.getKernel(kernelName, 'wasm')
    this.replace(kernelName, (call) => {
      return kernel(call) ?? present.kernelFunc(call)
    })
  }
}
var created
async function createKernelContext() {
  const backend2 = tf.backend()
  created = new KernelContext(backend2, await loadTrainingModule(backend2.wasm.asm.memory))
  return created
}
function areFloats(...tensors) {
  return tensors.every((tensor2) => tensor2?.dtype === 'float32' && tf.util.sizeFromShape(tensor2.shape) > 0)
}

function registerBatchNormalizationKernels(context) {
  context.improve('FusedBatchNorm', (call) => normalizeByAverages(context, call))
  for (const [name, least] of [
    ['BatchNormTraining', -Infinity],
    ['BatchNormTrainingRelu', 0],
  ]) {
    context.replace(name, ({ inputs, attrs }) => normalizeBatch(context, inputs, attrs['epsilon'], least))
    context.replace(`${name}Grad`, ({ inputs }) => differentiate(context, inputs))
  }
}
function normalizeByAverages(context, { inputs, attrs }) {
  const { x, mean, variance, offset, scale } = inputs
  const given = [mean, variance, offset, scale].filter((parameter) => parameter !== void 0)
  if (!x || !mean || !variance || !areFloats(x, ...given)) return null
  const { channels } = sizesOf(x)
  if (given.some(({ shape }) => shape.length !== 1 || shape[0] !== channels)) return null
  const inverse = context.scratch('deviations', channels)
  context.module.inverseDeviations(context.address(variance), inverse, channels, attrs.varianceEpsilon)
  return normalize(context, x, mean, inverse, scale, offset, -Infinity)
}
function normalizeBatch(context, inputs, epsilon, least) {
  const x = inputs['x']
  const { rows, channels } = sizesOf(x)
  const [mean, variance, inverse] = [context.output([channels]), context.output([channels]), context.output([channels])]
  context.module.columnMoments(context.address(x), context.address(mean), context.address(variance), rows, channels)
  context.module.inverseDeviations(context.address(variance), context.address(inverse), channels, epsilon)
  const y = normalize(context, x, mean, context.address(inverse), inputs['gamma'], inputs['beta'], least)
  return [y, mean, variance, inverse]
}
function differentiate(context, inputs) {
  const [x, y] = [inputs['x'], inputs['y']]
  const { rows, channels } = sizesOf(x)
  const [dx, dgamma, dbeta] = [context.output(x.shape), context.output([channels]), context.output([channels])]
  context.module.batchNormGradient(
    context.address(x),
    context.address(inputs['dy']),
    y ? context.address(y) : 0,
    context.address(inputs['mean']),
    context.address(inputs['saved']),
    context.address(inputs['gamma']),
    context.address(dx),
    context.address(dgamma),
    context.address(dbeta),
    rows,
    channels,
  )
  return [dx, dgamma, dbeta]
}
function normalize(context, x, mean, inverse, gamma, beta, least) {
  const { rows, channels } = sizesOf(x)
  const out = context.output(x.shape)
  context.module.normalizeColumns(
    context.address(x),
    context.address(mean),
    inverse,
    gamma ? context.address(gamma) : 0,
    beta ? context.address(beta) : 0,
    context.address(out),
    rows,
    channels,
    least,
  )
  return out
}
function sizesOf({ shape }) {
  return { rows: tf.util.sizeFromShape(shape.slice(0, -1)), channels: shape.at(-1) }
}

function activate(context, result, { activation = 'linear', leakyreluAlpha = 0.2 }, slopes) {
  const kernelName = activationKernel(activation)
  if (!kernelName) return result
  const activated = tf.getKernel(kernelName, 'wasm').kernelFunc({
    inputs: kernelName === 'Prelu' ? { x: result, alpha: slopes } : { x: result },
    attrs: { alpha: leakyreluAlpha },
    backend: context.backend,
  })
  context.backend.disposeData(result.dataId)
  return activated
}
function activationKernel(activation) {
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

function convolutionSizes(
  inputShape,
  filterShape,
  { strides, pad: pad2, dilations, dimRoundingMode },
  depthwise = false,
) {
  const sizes = tf.backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    strides,
    dilations ?? 1,
    pad2,
    dimRoundingMode,
    depthwise,
  )
  const readHeight = (sizes.outHeight - 1) * sizes.strideHeight + sizes.effectiveFilterHeight
  const readWidth = (sizes.outWidth - 1) * sizes.strideWidth + sizes.effectiveFilterWidth
  return {
    ...sizes,
    // No smaller than the input: rows that no window reads are kept.
    paddedHeight: Math.max(sizes.inHeight + sizes.padInfo.top, readHeight),
    paddedWidth: Math.max(sizes.inWidth + sizes.padInfo.left, readWidth),
  }
}
function inputGradientSizes(forward) {
  return {
    ...forward,
    inChannels: forward.outChannels,
    outChannels: forward.inChannels,
    outHeight: forward.inHeight,
    outWidth: forward.inWidth,
    strideHeight: 1,
    strideWidth: 1,
    paddedHeight: forward.inHeight + forward.effectiveFilterHeight - 1,
    paddedWidth: forward.inWidth + forward.effectiveFilterWidth - 1,
  }
}

function padInput(context, sizes, x) {
  const { batchSize, inHeight, inWidth, inChannels, paddedHeight, paddedWidth, padInfo } = sizes
  if (paddedHeight === inHeight && paddedWidth === inWidth) return context.address(x)
  const padded = context.scratch('padded', batchSize * paddedHeight * paddedWidth * inChannels)
  const images = [batchSize, inHeight, inWidth, inChannels]
  const { top, left } = padInfo
  context.module.padImages(context.address(x), padded, ...images, paddedHeight, paddedWidth, top, left, 1, 1)
  return padded
}
function padOutputGradient(context, forward, { paddedHeight, paddedWidth }, dy) {
  const { batchSize, outHeight, outWidth, outChannels, strideHeight, strideWidth, padInfo } = forward
  const top = forward.effectiveFilterHeight - 1 - padInfo.top
  const left = forward.effectiveFilterWidth - 1 - padInfo.left
  const same = top === 0 && left === 0 && paddedHeight === outHeight && paddedWidth === outWidth
  if (same && strideHeight === 1 && strideWidth === 1) return context.address(dy)
  const padded = context.scratch('padded', batchSize * paddedHeight * paddedWidth * outChannels)
  const images = [batchSize, outHeight, outWidth, outChannels]
  const moved = [top, left, strideHeight, strideWidth]
  context.module.padImages(context.address(dy), padded, ...images, paddedHeight, paddedWidth, ...moved)
  return padded
}
function tableOfWindows(context, sizes, images) {
  const { batchSize, inChannels, outHeight, outWidth, paddedHeight, paddedWidth } = sizes
  const rows = context.scratch('rows', batchSize * outHeight * outWidth)
  const windows = [outHeight, outWidth, sizes.strideHeight, sizes.strideWidth]
  context.module.windowRows(rows, images, batchSize, paddedHeight, paddedWidth, inChannels, ...windows)
  return rows
}

function panelWidth(columns) {
  return Math.ceil(columns / 8) * 8
}

function stridedInputGradient(context, forward, dy, filter) {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = forward
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = forward
  const rows = splitAxis(inHeight, outHeight, filterHeight, strideHeight, padInfo.top)
  const columns = splitAxis(inWidth, outWidth, filterWidth, strideWidth, padInfo.left)
  const { module } = context
  const out = context.output(forward.inShape)
  if (strideHeight > filterHeight || strideWidth > filterWidth) context.fillZeros(out)
  const images = context.scratch('padded', batchSize * rows.padded * columns.padded * outChannels)
  const given = [batchSize, outHeight, outWidth, outChannels]
  module.padImages(
    context.address(dy),
    images,
    ...given,
    rows.padded,
    columns.padded,
    rows.before,
    columns.before,
    1,
    1,
  )
  const panels = context.scratch('packed', filterHeight * filterWidth * outChannels * panelWidth(inChannels))
  const filterSizes = [filterHeight, filterWidth, inChannels, outChannels]
  for (const row of rows.phases) {
    for (const column of columns.phases) {
      const taps = [row.firstTap, column.firstTap, strideHeight, strideWidth]
      module.packFlippedFilter(context.address(filter), panels, ...filterSizes, ...taps)
      const windows = context.scratch('rows', batchSize * row.count * column.count)
      const pixel = (rows.before + row.start) * columns.padded + columns.before + column.start
      const padded = [batchSize, rows.padded, columns.padded, outChannels]
      module.windowRows(windows, images + pixel * outChannels * 4, ...padded, row.count, column.count, 1, 1)
      const phase = context.scratch('phase', batchSize * row.count * column.count * inChannels)
      const spans = [row.taps, columns.padded * outChannels * 4, 1, 0, column.taps * outChannels]
      module.multiplyRows(windows, batchSize * row.count * column.count, panels, 0, phase, inChannels, ...spans, 0)
      const made = [batchSize, row.count, column.count, inChannels]
      const placed = [row.first, column.first, strideHeight, strideWidth]
      module.placeImages(phase, context.address(out), ...made, inHeight, inWidth, ...placed)
    }
  }
  return out
}
function splitAxis(size, outSize, filterSize, stride, padding) {
  const phases = Array.from({ length: Math.min(stride, filterSize) }, (_, firstTap) => {
    const first = (((firstTap - padding) % stride) + stride) % stride
    const taps = Math.ceil((filterSize - firstTap) / stride)
    const start = (first + padding - firstTap) / stride - (taps - 1)
    return { first, count: Math.ceil((size - first) / stride), firstTap, taps, start }
  }).filter(({ count }) => count > 0)
  const before = Math.max(0, ...phases.map(({ start }) => -start))
  const after = Math.max(outSize, ...phases.map(({ start, count, taps }) => start + count + taps - 1))
  return { phases, before, padded: before + after }
}

function suitsWinograd(sizes) {
  const { outHeight, outWidth, inChannels, outChannels } = sizes
  const square = sizes.filterHeight === 3 && sizes.filterWidth === 3
  const dense = sizes.strideHeight === 1 && sizes.strideWidth === 1 && sizes.dilationHeight === 1
  const wide = inChannels >= 16 && outChannels >= 16 && inChannels % 8 === 0 && outChannels % 8 === 0
  const products = productsAlong(outHeight) * productsAlong(outWidth)
  return square && dense && sizes.dilationWidth === 1 && wide && products < outHeight * outWidth * 9 * 0.7
}
function productsAlong(size) {
  const rest = size % 4
  return Math.floor(size / 4) * 6 + (rest === 3 ? 6 : rest > 0 ? 4 : 0)
}
function winogradSizes(sizes) {
  return {
    ...sizes,
    // Tiles have two or four outputs, so that all of them have an even number.
    paddedHeight: Math.max(sizes.paddedHeight, Math.ceil(sizes.outHeight / 2) * 2 + 2),
    paddedWidth: Math.max(sizes.paddedWidth, Math.ceil(sizes.outWidth / 2) * 2 + 2),
  }
}
function winogradConvolution(context, sizes, images, { panels, bias, out, places = 0, relu }) {
  const { inChannels, outChannels } = sizes
  const scratch = context.scratch('tiles', context.module.winogradScratchSize(inChannels, outChannels))
  const filter = context.scratch('transformedFilter', 36 * inChannels * Math.ceil(outChannels / 16) * 16)
  context.module.winogradFilter(panels, filter, scratch, outChannels / 8, inChannels, sizes.outHeight, sizes.outWidth)
  context.module.winogradConvolution(images, filter, bias, out, places, scratch, ...tiledSizes(sizes), relu ? 1 : 0)
}
function winogradFilterGradient(context, sizes, x, dy, out, places) {
  const { inChannels, outChannels } = sizes
  context.module.winogradFilterGradient(
    padInput(context, sizes, x),
    context.address(dy),
    places ? context.address(places) : 0,
    context.address(out),
    context.scratch('tiles', context.module.winogradGradientScratchSize(inChannels, outChannels)),
    ...tiledSizes(sizes),
  )
}
function tiledSizes(sizes) {
  const { batchSize, paddedHeight, paddedWidth, inChannels, outHeight, outWidth, outChannels } = sizes
  return [batchSize, paddedHeight, paddedWidth, inChannels, outHeight, outWidth, outChannels]
}

function registerConvolutionKernels(context) {
  context.improve('Conv2D', (call) => convolve(context, call))
  context.improve('FusedConv2D', (call) => convolve(context, call))
  context.improve('Conv2DBackpropFilter', (call) => convolutionFilterGradient(context, call))
  context.improve('Conv2DBackpropInput', (call) => convolutionInputGradient(context, call))
}
function convolve(context, { inputs, attrs }) {
  const { x, filter, bias, preluActivationWeights } = inputs
  if (!x || !filter || !areFloats(x, filter) || attrs.dataFormat === 'NCHW') return null
  if (bias && (bias.dtype !== 'float32' || tf.util.sizeFromShape(bias.shape) !== filter.shape[3])) return null
  const sizes = convolutionSizes(x.shape, filter.shape, attrs)
  const relu = attrs.activation === 'relu'
  const out = context.output(sizes.outShape)
  const product = {
    panels: packFilter(context, sizes, filter),
    bias: bias ? context.address(bias) : 0,
    out: context.address(out),
    relu,
  }
  convolvePadded(context, sizes, (padded) => padInput(context, padded, x), product)
  return relu ? out : activate(context, out, attrs, preluActivationWeights)
}
function convolutionFilterGradient(context, { inputs, attrs }) {
  const { x, dy } = inputs
  if (!x || !dy || !attrs.filterShape || !areFloats(x, dy) || attrs.dataFormat === 'NCHW') return null
  const sizes = convolutionSizes(x.shape, attrs.filterShape, attrs)
  const { outChannels } = sizes
  const out = context.output(attrs.filterShape)
  if (suitsWinograd(sizes)) {
    winogradFilterGradient(context, winogradSizes(sizes), x, dy, out)
    return out
  }
  const windows = sizes.batchSize * sizes.outHeight * sizes.outWidth
  let right = { address: context.address(dy), step: outChannels * 4, panelStep: 32 }
  if (outChannels % 8 !== 0) {
    const address = context.scratch('packed', windows * panelWidth(outChannels))
    context.module.packPanels(right.address, address, windows, outChannels, outChannels, 1)
    right = { address, step: 32, panelStep: windows * 32 }
  }
  const rows = tableOfWindows(context, sizes, padInput(context, sizes, x))
  context.module.multiplyTransposedRows(
    rows,
    windows,
    right.address,
    right.step,
    right.panelStep,
    context.address(out),
    outChannels,
    ...windowSpans(sizes),
    false,
  )
  return out
}
function convolutionInputGradient(context, { inputs, attrs }) {
  const { dy, filter } = inputs
  if (!dy || !filter || !attrs.inputShape || !areFloats(dy, filter) || attrs.dataFormat === 'NCHW') return null
  const forward = convolutionSizes(attrs.inputShape, filter.shape, attrs)
  if (forward.strideHeight > 1 || forward.strideWidth > 1) return stridedInputGradient(context, forward, dy, filter)
  const sizes = inputGradientSizes(forward)
  const out = context.output(attrs.inputShape)
  const panels = packFlippedFilter(context, forward, filter)
  const product = { panels, bias: 0, out: context.address(out), relu: false }
  convolvePadded(context, sizes, (padded) => padOutputGradient(context, forward, padded, dy), product)
  return out
}
function packFilter(context, { filterHeight, filterWidth, inChannels, outChannels }, filter) {
  const depth = filterHeight * filterWidth * inChannels
  const panels = context.scratch('packed', depth * panelWidth(outChannels))
  context.module.packPanels(context.address(filter), panels, depth, outChannels, outChannels, 1)
  return panels
}
function packFlippedFilter(context, { filterHeight, filterWidth, inChannels, outChannels }, filter) {
  const panels = context.scratch('packed', filterHeight * filterWidth * outChannels * panelWidth(inChannels))
  const filterSizes = [filterHeight, filterWidth, inChannels, outChannels]
  context.module.packFlippedFilter(context.address(filter), panels, ...filterSizes, 0, 0, 1, 1)
  return panels
}
function convolvePadded(context, sizes, pad2, product) {
  if (suitsWinograd(sizes)) {
    const tiled = winogradSizes(sizes)
    winogradConvolution(context, tiled, pad2(tiled), product)
  } else {
    multiplyWindows(context, sizes, pad2(sizes), product)
  }
}
function windowSpans(sizes) {
  const { filterHeight, filterWidth, inChannels, dilationHeight, dilationWidth, paddedWidth } = sizes
  const together = dilationWidth === 1
  return [
    filterHeight,
    dilationHeight * paddedWidth * inChannels * 4,
    together ? 1 : filterWidth,
    dilationWidth * inChannels * 4,
    together ? filterWidth * inChannels : inChannels,
  ]
}
function multiplyWindows(context, sizes, images, { panels, bias, out, relu }) {
  context.module.multiplyRows(
    tableOfWindows(context, sizes, images),
    sizes.batchSize * sizes.outHeight * sizes.outWidth,
    panels,
    bias,
    out,
    sizes.outChannels,
    ...windowSpans(sizes),
    relu ? 1 : 0,
  )
}

function registerCpuFallbacks(context) {
  const unfit = /* @__PURE__ */ new Set(['Complex', 'ComplexAbs', 'FFT', 'IFFT', 'Real', 'Imag', 'Draw'])
  for (const { kernelName } of tf.getKernelsForBackend('cpu')) {
    const missing = !tf.getKernel(kernelName, 'wasm') && !unfit.has(kernelName)
    if (missing || wronglyComputedKernels().includes(kernelName)) {
      context.replace(kernelName, cpuKernel(context, kernelName))
    }
  }
}
function wronglyComputedKernels() {
  return [
    'Conv3DBackpropInputV2',
    'Conv3DBackpropFilterV2',
    'MaxPool3D',
    'MaxPool3DGrad',
    'Dilation2DBackpropInput',
    'Dilation2DBackpropFilter',
  ]
}
function cpuKernel(context, kernelName) {
  return ({ inputs, attrs }) => {
    const cpu = tf.engine().findBackend('cpu')
    const borrowed = /* @__PURE__ */ new Map()
    const lend = (tensor2) => {
      const lent = cpu.makeTensorInfo(tensor2.shape, tensor2.dtype, readValues(context, tensor2))
      borrowed.set(lent.dataId, lent)
      return Object.assign(lent, { rank: tensor2.shape.length })
    }
    const lentInputs = Array.isArray(inputs)
      ? inputs.map(lend)
      : Object.fromEntries(Object.entries(inputs).map(([name, tensor2]) => [name, tensor2 && lend(tensor2)]))
    const takeBack = (result) => {
      const output = writeValues(context, result, cpu.readSync(result.dataId))
      if (!borrowed.has(result.dataId)) cpu.disposeData(result.dataId, true)
      return output
    }
    const kernel = tf.getKernel(kernelName, 'cpu')
    const results = kernel.kernelFunc({
      inputs: lentInputs,
      backend: cpu,
      ...(attrs && { attrs }),
    })
    const outputs = Array.isArray(results) ? results.map(takeBack) : takeBack(results)
    for (const lent of borrowed.values()) cpu.disposeData(lent.dataId, true)
    return outputs
  }
}
function readValues(context, tensor2) {
  const { buffer } = context.backend.wasm.asm.memory
  const size = tf.util.sizeFromShape(tensor2.shape)
  switch (tensor2.dtype) {
    case 'float32':
      return new Float32Array(buffer, context.address(tensor2), size)
    case 'int32':
      return new Int32Array(buffer, context.address(tensor2), size)
    case 'bool':
      return new Uint8Array(buffer, context.address(tensor2), size)
    default:
      return context.backend.readSync(tensor2.dataId)
  }
}
function writeValues(context, { shape, dtype }, values) {
  if (dtype === 'string') return context.backend.makeOutput(shape, dtype, void 0, values)
  const numbers = values
  const copy =
    dtype === 'bool'
      ? Uint8Array.from(numbers)
      : dtype === 'int32'
        ? Int32Array.from(numbers)
        : Float32Array.from(numbers)
  return context.backend.makeOutput(shape, dtype, void 0, copy)
}

function registerCrossentropyKernel(context) {
  context.replace('SparseSoftmaxCrossEntropyWithLogits', ({ inputs }) => {
    const [logits, labels] = [inputs['logits'], inputs['labels']]
    const [batch, classes] = logits.shape
    const [losses, slopes] = [context.output([batch]), context.output(logits.shape)]
    const { buffer } = context.backend.wasm.asm.memory
    const floats2 = (tensor2, size) => new Float32Array(buffer, context.address(tensor2), size)
    const indices = new Int32Array(buffer, context.address(labels), batch)
    const [from, toSlopes] = [floats2(logits, batch * classes), floats2(slopes, batch * classes)]
    const toLosses = floats2(losses, batch)
    for (let row = 0; row < batch; row++) {
      const [start, end] = [row * classes, (row + 1) * classes]
      toLosses[row] = differentiateRow(from.subarray(start, end), indices[row], toSlopes.subarray(start, end))
    }
    return [losses, slopes]
  })
}
function differentiateRow(x, label, slopes) {
  let largest = -Infinity
  for (const value of x) if (value > largest) largest = value
  let sum2 = 0
  for (const value of x) sum2 += Math.exp(value - largest)
  for (let index = 0; index < x.length; index++) {
    slopes[index] = Math.exp(x[index] - largest) / sum2 - (index === label ? 1 : 0)
  }
  return Math.log(sum2) - (x[label] - largest)
}

function registerDepthwiseKernels(context) {
  context.improve('DepthwiseConv2dNative', (call) => convolveDepthwise(context, call))
  context.improve('FusedDepthwiseConv2D', (call) => convolveDepthwise(context, call))
  context.improve('DepthwiseConv2dNativeBackpropFilter', (call) => depthwiseFilterGradient(context, call))
  context.improve('DepthwiseConv2dNativeBackpropInput', (call) => depthwiseInputGradient(context, call))
}
function convolveDepthwise(context, { inputs, attrs }) {
  const { x, filter, bias, preluActivationWeights } = inputs
  if (!x || !filter || !areFloats(x, filter) || attrs.dataFormat === 'NCHW') return null
  if (bias && (!areFloats(bias) || tf.util.sizeFromShape(bias.shape) !== (x.shape[3] ?? 0) * (filter.shape[3] ?? 0)))
    return null
  const sizes = convolutionSizes(x.shape, filter.shape, attrs, true)
  const out = context.output(sizes.outShape)
  slideDepthwise(context, sizes, padInput(context, sizes, x), context.address(filter), context.address(out))
  if (bias) {
    const [address, windows] = [context.address(out), sizes.batchSize * sizes.outHeight * sizes.outWidth]
    context.module.rowOperation(0, address, context.address(bias), address, windows, sizes.outChannels)
  }
  return activate(context, out, attrs, preluActivationWeights)
}
function depthwiseFilterGradient(context, { inputs, attrs }) {
  const { x, dy } = inputs
  if (!x || !dy || !attrs.filterShape || !areFloats(x, dy) || attrs.dataFormat === 'NCHW') return null
  const sizes = convolutionSizes(x.shape, attrs.filterShape, attrs, true)
  const out = context.output(attrs.filterShape)
  context.module.depthwiseFilterGradient(
    tableOfWindows(context, sizes, padInput(context, sizes, x)),
    sizes.batchSize * sizes.outHeight * sizes.outWidth,
    context.address(dy),
    context.address(out),
    sizes.paddedWidth,
    sizes.inChannels,
    channelMultiplier(sizes),
    sizes.filterHeight,
    sizes.filterWidth,
    sizes.dilationHeight,
    sizes.dilationWidth,
  )
  return out
}
function depthwiseInputGradient(context, { inputs, attrs }) {
  const { dy, filter } = inputs
  if (!dy || !filter || !attrs.inputShape || !areFloats(dy, filter) || attrs.dataFormat === 'NCHW') return null
  const forward = convolutionSizes(attrs.inputShape, filter.shape, attrs, true)
  const out = context.output(attrs.inputShape)
  if (channelMultiplier(forward) === 1) {
    const sizes = inputGradientSizes(forward)
    const images = padOutputGradient(context, forward, sizes, dy)
    const turned = turnFilter(context, forward, filter)
    slideDepthwise(context, sizes, images, turned, context.address(out))
  } else {
    scatterDepthwise(context, forward, filter, dy, out)
  }
  return out
}
function slideDepthwise(context, sizes, images, filter, out) {
  context.module.depthwise(images, filter, out, ...depthwiseSizes(sizes))
}
function scatterDepthwise(context, sizes, filter, dy, out) {
  const { batchSize, inHeight, inWidth, inChannels, paddedHeight, paddedWidth, padInfo } = sizes
  const padded = context.scratch('padded', batchSize * paddedHeight * paddedWidth * inChannels)
  context.module.depthwiseScatter(context.address(filter), context.address(dy), padded, ...depthwiseSizes(sizes))
  const images = [batchSize, paddedHeight, paddedWidth, inChannels]
  const moved = [-padInfo.top, -padInfo.left]
  context.module.padImages(padded, context.address(out), ...images, inHeight, inWidth, ...moved, 1, 1)
}
function depthwiseSizes(sizes) {
  return [
    sizes.batchSize,
    sizes.paddedHeight,
    sizes.paddedWidth,
    sizes.inChannels,
    channelMultiplier(sizes),
    sizes.filterHeight,
    sizes.filterWidth,
    sizes.strideHeight,
    sizes.strideWidth,
    sizes.dilationHeight,
    sizes.dilationWidth,
    sizes.outHeight,
    sizes.outWidth,
  ]
}
function turnFilter(context, sizes, filter) {
  const taps = sizes.filterHeight * sizes.filterWidth
  const channels = sizes.inChannels
  const address = context.scratch('packed', taps * channels)
  const { buffer } = context.backend.wasm.asm.memory
  const from = new Float32Array(buffer, context.address(filter), taps * channels)
  const to = new Float32Array(buffer, address, taps * channels)
  for (let tap = 0; tap < taps; tap++) {
    to.set(from.subarray(tap * channels, (tap + 1) * channels), (taps - 1 - tap) * channels)
  }
  return address
}
function channelMultiplier(sizes) {
  return sizes.outChannels / sizes.inChannels
}

function registerElementwiseKernels(context) {
  context.improve('Identity', ({ inputs: { x } }) => shareData(context, x))
  context.improve('Cast', ({ inputs: { x }, attrs }) => (x?.dtype === attrs.dtype ? shareData(context, x) : null))
  context.improve('Add', (call) => combineRows(context, call, 0) ?? combineRows(context, swapped(call), 0))
  context.improve('Sub', (call) => combineRows(context, call, 1))
  context.improve('Multiply', (call) => combineRows(context, call, 2) ?? combineRows(context, swapped(call), 2))
  context.improve('Relu', ({ inputs: { x } }) => clamp(context, x, 0, Infinity))
  context.improve('Relu6', ({ inputs: { x } }) => clamp(context, x, 0, 6))
  context.improve('ClipByValue', ({ inputs: { x }, attrs }) =>
    clamp(context, x, attrs.clipValueMin, attrs.clipValueMax),
  )
  context.improve('Minimum', (call) => extremes(context, call, 'Minimum'))
  context.improve('Maximum', (call) => extremes(context, call, 'Maximum'))
  context.replace('ReluGrad', ({ inputs: { x, dy } }) => reluGradient(context, x, dy))
}
function shareData(context, x) {
  if (!x || x.dtype === 'string') return null
  context.backend.incRef(x.dataId)
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
}
function extremes(context, call, kernelName) {
  const { a, b } = call.inputs
  if (!a || !b || !areFloats(a, b)) return null
  const operation = kernelName === 'Minimum' ? 3 : 4
  if (tf.util.arraysEqual(a.shape, b.shape)) return combineAll(context, a, b, operation)
  const limited = limitBy(context, a, b, kernelName) ?? limitBy(context, b, a, kernelName)
  if (limited) return limited
  const found = combineRows(context, call, operation) ?? combineRows(context, swapped(call), operation)
  return found ?? cpuKernel(context, kernelName)({ inputs: { a, b }, backend: context.backend })
}
function limitBy(context, x, limit, kernelName) {
  if (tf.util.sizeFromShape(limit.shape) !== 1 || limit.shape.length > x.shape.length) return null
  const { buffer } = context.backend.wasm.asm.memory
  const [value] = new Float32Array(buffer, context.address(limit), 1)
  return kernelName === 'Minimum' ? clamp(context, x, -Infinity, value) : clamp(context, x, value, Infinity)
}
function combineAll(context, a, b, operation) {
  const out = context.output(a.shape)
  const size = tf.util.sizeFromShape(a.shape)
  context.module.rowOperation(operation, context.address(a), context.address(b), context.address(out), 1, size)
  return out
}
function combineRows(context, { inputs }, operation) {
  const { a, b } = inputs
  if (!a || !b || !areFloats(a, b)) return null
  const row = b.shape.slice(b.shape.findIndex((size) => size !== 1))
  const columns = tf.util.sizeFromShape(b.shape)
  const isRow = columns > 1 && b.shape.length <= a.shape.length && row.length < a.shape.length
  if (!isRow || !tf.util.arraysEqual(a.shape.slice(-row.length), row)) return null
  const out = context.output(a.shape)
  const rows = tf.util.sizeFromShape(a.shape) / columns
  context.module.rowOperation(operation, context.address(a), context.address(b), context.address(out), rows, columns)
  return out
}
function swapped({ inputs: { a, b }, attrs }) {
  return { inputs: { ...(b && { a: b }), ...(a && { b: a }) }, attrs }
}
function clamp(context, x, least, most) {
  if (!x || !areFloats(x)) return null
  const out = context.output(x.shape)
  context.module.clampValues(context.address(x), context.address(out), tf.util.sizeFromShape(x.shape), least, most)
  return out
}
function reluGradient(context, x, dy) {
  const out = context.output(x.shape)
  const size = tf.util.sizeFromShape(x.shape)
  context.module.reluGradient(context.address(x), context.address(dy), context.address(out), size)
  return out
}

function registerRecurrentKernels(context) {
  registerSequenceKernel(context, 'LstmSequence', runLstm)
  registerSequenceKernel(context, 'LstmSequenceGrad', differentiateLstm)
  registerSequenceKernel(context, 'SequenceInputGrad', inputGradient)
  registerSequenceKernel(context, 'SequenceKernelGrad', kernelGradient)
}
function registerSequenceKernel(context, kernelName, run) {
  context.replace(kernelName, ({ inputs, attrs }) => run(context, inputs, attrs))
}
function runLstm(context, { x, kernel, recurrentKernel, bias }, { backwards, hard }) {
  const [batch, steps] = x.shape
  const [units, sums] = recurrentKernel.shape
  const out = context.output([batch, steps, units])
  const gates = context.output([steps, batch, sums])
  const cells = context.output([steps, batch, units])
  const { module } = context
  multiplyInput(context, x, kernel, bias, gates, backwards)
  const panels = pack(context, recurrentKernel)
  const rows = stepRows(context, out, false)
  const recurrent = context.scratch('recurrent', batch * sums)
  const [gatesOf, cellsOf] = [stepAddress(context, gates), stepAddress(context, cells)]
  for (let step = 0; step < steps; step++) {
    const isFirst = step === 0
    if (!isFirst) multiply(context, rows + (step - 1) * batch * 4, batch, panels, recurrent, units, sums)
    module.lstmStep(
      gatesOf(step),
      isFirst ? 0 : recurrent,
      isFirst ? 0 : cellsOf(step - 1),
      cellsOf(step),
      context.address(out) + step * units * 4,
      steps * units * 4,
      batch,
      units,
      Number(hard),
    )
  }
  return [out, gates, cells]
}
function differentiateLstm(context, { dy, recurrentKernel, gates, cells }, { hard }) {
  const [steps, batch, sums] = gates.shape
  const units = recurrentKernel.shape[0]
  const slopes = context.output(gates.shape)
  const { module } = context
  const panels = packTransposed(context, recurrentKernel)
  const rows = context.scratch('rows', steps * batch)
  module.matrixRows(rows, context.address(slopes), steps * batch, sums)
  const dState = context.scratch('recurrent', batch * units)
  const dCells = context.scratch('cells', batch * units)
  new Float32Array(context.backend.wasm.asm.memory.buffer, dCells, batch * units).fill(0)
  const [gatesOf, cellsOf, slopesOf] = [gates, cells, slopes].map((tensor2) => stepAddress(context, tensor2))
  for (let step = steps - 1; step >= 0; step--) {
    const isLast = step === steps - 1
    if (!isLast) multiply(context, rows + (step + 1) * batch * 4, batch, panels, dState, sums, units)
    module.lstmStepGradient(
      context.address(dy) + step * units * 4,
      steps * units * 4,
      isLast ? 0 : dState,
      gatesOf(step),
      step === 0 ? 0 : cellsOf(step - 1),
      cellsOf(step),
      dCells,
      slopesOf(step),
      batch,
      units,
      Number(hard),
    )
  }
  return [slopes]
}
function inputGradient(context, { slopes, kernel }, { backwards }) {
  const [steps, batch, sums] = slopes.shape
  const values = kernel.shape[0]
  const out = context.output([batch, steps, values])
  const panels = packTransposed(context, kernel)
  const rows = context.scratch('rows', batch * steps)
  const address = stepAddress(context, slopes)
  const stride = backwards ? -batch * sums : batch * sums
  for (let sample = 0; sample < batch; sample++) {
    const first = address(backwards ? steps - 1 : 0) + sample * sums * 4
    context.module.matrixRows(rows + sample * steps * 4, first, steps, stride)
  }
  multiply(context, rows, batch * steps, panels, context.address(out), sums, values)
  return [out]
}
function kernelGradient(context, { x, slopes }, { backwards, delay, columns: [from, until] }) {
  const [steps, batch, sums] = slopes.shape
  const values = x.shape[2]
  const width = until - from
  const out = context.output([values, width])
  const to = context.address(out)
  const count = (steps - delay) * batch
  if (count === 0) {
    new Float32Array(context.backend.wasm.asm.memory.buffer, to, values * width).fill(0)
    return [out]
  }
  const panels = context.scratch('packed', count * panelWidth(width))
  context.module.packPanels(stepAddress(context, slopes)(delay) + from * 4, panels, count, width, sums, 1)
  const rows = stepRows(context, x, backwards)
  context.module.multiplyTransposedRows(rows, count, panels, 32, count * 32, to, width, 1, 0, 1, 0, values, false)
  return [out]
}
function multiplyInput(context, x, kernel, bias, out, backwards) {
  const [values, sums] = kernel.shape
  const panels = pack(context, kernel)
  const rows = stepRows(context, x, backwards)
  multiply(context, rows, x.shape[0] * x.shape[1], panels, context.address(out), values, sums, bias)
}
function multiply(context, rows, count, panels, out, depth, columns, bias) {
  const start = bias ? context.address(bias) : 0
  context.module.multiplyRows(rows, count, panels, start, out, columns, 1, 0, 1, 0, depth, 0)
}
function pack(context, matrix) {
  const [depth, columns] = matrix.shape
  const panels = context.scratch('packed', depth * panelWidth(columns))
  context.module.packPanels(context.address(matrix), panels, depth, columns, columns, 1)
  return panels
}
function packTransposed(context, matrix) {
  const [columns, depth] = matrix.shape
  const panels = context.scratch('packed', depth * panelWidth(columns))
  context.module.packPanels(context.address(matrix), panels, depth, columns, 1, depth)
  return panels
}
function stepRows(context, x, backwards, table) {
  const [batch, steps, values] = x.shape
  const rows = table ?? context.scratch('rows', batch * steps)
  for (let step = 0; step < steps; step++) {
    const at = backwards ? steps - 1 - step : step
    context.module.matrixRows(rows + step * batch * 4, context.address(x) + at * values * 4, batch, steps * values)
  }
  return rows
}
function stepAddress(context, tensor2) {
  const address = context.address(tensor2)
  const bytes = tensor2.shape[1] * tensor2.shape[2] * 4
  return (step) => address + step * bytes
}

function registerGruKernels(context) {
  registerSequenceKernel(context, 'GruSequence', runGru)
  registerSequenceKernel(context, 'GruSequenceGrad', differentiateGru)
}
function runGru(context, { x, kernel, recurrentKernel, bias }, { backwards, hard }) {
  const [batch, steps] = x.shape
  const [units, sums] = recurrentKernel.shape
  const out = context.output([batch, steps, units])
  const gates = context.output([steps, batch, sums])
  const resets = context.output([batch, steps, units])
  const { module } = context
  multiplyInput(context, x, kernel, bias, gates, backwards)
  const address = context.address(recurrentKernel)
  const panels = context.scratch('packed', units * (panelWidth(2 * units) + panelWidth(units)))
  const proposedPanels = panels + units * panelWidth(2 * units) * 4
  module.packPanels(address, panels, units, 2 * units, sums, 1)
  module.packPanels(address + 2 * units * 4, proposedPanels, units, units, sums, 1)
  const [rows, resetRows] = tablesOf(context, out, resets)
  const recurrent = context.scratch('recurrent', batch * 2 * units)
  const stateStep = steps * units * 4
  const gatesOf = stepAddress(context, gates)
  const stateOf = (states, step) => context.address(states) + step * units * 4
  for (let step = 0; step < steps; step++) {
    const isFirst = step === 0
    const [product, before] = isFirst ? [0, 0] : [recurrent, stateOf(out, step - 1)]
    if (!isFirst) multiply(context, rows + (step - 1) * batch * 4, batch, panels, recurrent, units, 2 * units)
    module.gruReset(gatesOf(step), product, before, stateOf(resets, step), stateStep, batch, units, Number(hard))
    if (!isFirst) multiply(context, resetRows + step * batch * 4, batch, proposedPanels, recurrent, units, units)
    module.gruStep(gatesOf(step), product, before, stateOf(out, step), stateStep, batch, units)
  }
  return [out, gates, resets]
}
function differentiateGru(context, { dy, recurrentKernel, out, gates }, { hard }) {
  const [steps, batch, sums] = gates.shape
  const units = recurrentKernel.shape[0]
  const slopes = context.output(gates.shape)
  const { module } = context
  const address = context.address(recurrentKernel)
  const panels = context.scratch('packed', sums * panelWidth(units))
  const proposedPanels = panels + 2 * units * panelWidth(units) * 4
  module.packPanels(address, panels, 2 * units, units, 1, sums)
  module.packPanels(address + 2 * units * 4, proposedPanels, units, units, 1, sums)
  const rows = context.scratch('rows', 2 * batch)
  const proposedRows = rows + batch * 4
  const dProduct = context.scratch('recurrent', batch * units)
  const dBefore = context.scratch('cells', batch * units)
  new Float32Array(context.backend.wasm.asm.memory.buffer, dBefore, batch * units).fill(0)
  const [gatesOf, slopesOf] = [stepAddress(context, gates), stepAddress(context, slopes)]
  const stateStep = steps * units * 4
  for (let step = steps - 1; step >= 0; step--) {
    const isLast = step === steps - 1
    const before = step === 0 ? 0 : context.address(out) + (step - 1) * units * 4
    const dOut = context.address(dy) + step * units * 4
    const at = slopesOf(step)
    const size = [batch, units, Number(hard)]
    module.gruStepGradient(dOut, stateStep, dBefore, isLast ? 0 : dProduct, gatesOf(step), before, at, ...size)
    module.matrixRows(rows, at, batch, sums)
    module.matrixRows(proposedRows, at + 2 * units * 4, batch, sums)
    multiply(context, proposedRows, batch, proposedPanels, dProduct, units, units)
    module.gruResetGradient(dProduct, gatesOf(step), before, stateStep, at, dBefore, ...size)
    if (step > 0) multiply(context, rows, batch, panels, dProduct, 2 * units, units)
  }
  return [slopes]
}
function tablesOf(context, one, other) {
  const [batch, steps] = one.shape
  const table = context.scratch('rows', 2 * batch * steps)
  return [stepRows(context, one, false, table), stepRows(context, other, false, table + batch * steps * 4)]
}

function registerMatMulKernels(context) {
  context.improve('BatchMatMul', (call) => multiplyMatrices(context, call))
  context.improve('_FusedMatMul', (call) => multiplyMatrices(context, call))
}
function multiplyMatrices(context, { inputs, attrs }) {
  const { a, b, bias, preluActivationWeights } = inputs
  const { transposeA, transposeB } = attrs
  if (!a || !b || !areFloats(a, b)) return null
  const [aHeight, aWidth] = matrixSize(a)
  const [bHeight, bWidth] = matrixSize(b)
  const [rows, depth] = transposeA ? [aWidth, aHeight] : [aHeight, aWidth]
  const columns = transposeB ? bHeight : bWidth
  if (bias && (bias.dtype !== 'float32' || tf.util.sizeFromShape(bias.shape) !== columns)) return null
  const aCount = tf.util.sizeFromShape(a.shape) / (rows * depth)
  const bCount = tf.util.sizeFromShape(b.shape) / (depth * columns)
  if (aCount !== bCount && aCount !== 1 && bCount !== 1) return null
  const batchShape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  const out = context.output([...batchShape, rows, columns])
  const { module } = context
  const relu = attrs.activation === 'relu'
  const isOne = bCount === 1 && !transposeA
  const [times, height] = isOne ? [1, aCount * rows] : [Math.max(aCount, bCount), rows]
  const scratch = context.scratch('packed', module.multiplyScratchSize(height, depth) / 4)
  const [leftRow, leftStep] = transposeA ? [1, rows] : [depth, 1]
  const [rightStep, rightColumn] = transposeB ? [1, depth] : [columns, 1]
  for (let i = 0; i < times; i++) {
    module.multiplyMatrices(
      context.address(a) + (aCount === 1 ? 0 : i * rows * depth * 4),
      leftRow,
      leftStep,
      context.address(b) + (bCount === 1 ? 0 : i * depth * columns * 4),
      rightStep,
      rightColumn,
      height,
      depth,
      columns,
      scratch,
      bias ? context.address(bias) : 0,
      relu ? 1 : 0,
      context.address(out) + i * rows * columns * 4,
    )
  }
  return relu ? out : activate(context, out, attrs, preluActivationWeights)
}
function matrixSize({ shape }) {
  return [shape.at(-2) ?? 1, shape.at(-1) ?? 1]
}

function registerPooledConvolutionKernels(context) {
  context.replace('PooledConv2D', ({ inputs, attrs }) => convolveAndPool(context, inputs, attrs))
  const gradients = { Input: inputGradient2, Filter: filterGradient, Bias: biasGradient }
  for (const [name, differentiate2] of Object.entries(gradients)) {
    context.replace(`PooledConv2D${name}Grad`, ({ inputs, attrs }) => differentiate2(context, inputs, attrs))
  }
}
function convolveAndPool(context, { x, filter, bias }, { pad: pad2, relu }) {
  const sizes = sizesOf2(x.shape, filter.shape, pad2)
  const { batchSize, outHeight, outWidth, outChannels } = sizes
  const shape = [batchSize, outHeight / 2, outWidth / 2, outChannels]
  const out = context.output(shape)
  const places = context.backend.makeOutput(shape, 'int32')
  const product = {
    panels: packFilter(context, sizes, filter),
    bias: bias ? context.address(bias) : 0,
    out: context.address(out),
    places: context.address(places),
    relu,
  }
  if (suitsWinograd(sizes)) {
    const tiled = winogradSizes(sizes)
    winogradConvolution(context, tiled, padInput(context, tiled, x), product)
  } else {
    const { paddedHeight, paddedWidth, inChannels, filterHeight, filterWidth } = sizes
    context.module.multiplyPooledWindows(
      padInput(context, sizes, x),
      product.panels,
      product.bias,
      product.out,
      product.places,
      batchSize,
      paddedHeight,
      paddedWidth,
      inChannels,
      outHeight,
      outWidth,
      outChannels,
      filterHeight,
      filterWidth,
      relu ? 1 : 0,
    )
  }
  return [out, places]
}
function inputGradient2(context, { x, filter, dy, places }, { pad: pad2 }) {
  const forward = sizesOf2(x.shape, filter.shape, pad2)
  const { batchSize, outHeight, outWidth, outChannels, padInfo } = forward
  const out = context.output(x.shape)
  const panels = packFlippedFilter(context, forward, filter)
  const unpool = ({ paddedHeight, paddedWidth }) => {
    const images = context.scratch('padded', batchSize * paddedHeight * paddedWidth * outChannels)
    const top = forward.filterHeight - 1 - padInfo.top
    const left = forward.filterWidth - 1 - padInfo.left
    context.module.unpoolImages(
      context.address(dy),
      context.address(places),
      images,
      batchSize,
      outHeight,
      outWidth,
      outChannels,
      paddedHeight,
      paddedWidth,
      top,
      left,
    )
    return images
  }
  const product = { panels, bias: 0, out: context.address(out), relu: false }
  convolvePadded(context, inputGradientSizes(forward), unpool, product)
  return out
}
function filterGradient(context, { x, filter, dy, places }, { pad: pad2 }) {
  const sizes = sizesOf2(x.shape, filter.shape, pad2)
  const { batchSize, outHeight, outWidth, outChannels } = sizes
  const out = context.output(filter.shape)
  if (suitsWinograd(sizes)) {
    winogradFilterGradient(context, winogradSizes(sizes), x, dy, out, places)
    return out
  }
  const [lines, lineStep, , , spanLength] = windowSpans(sizes)
  context.module.pooledFilterGradient(
    tableOfWindows(context, sizes, padInput(context, sizes, x)),
    context.address(dy),
    context.address(places),
    context.scratch('tiles', context.module.pooledGradientScratchSize(outWidth, outChannels)),
    context.address(out),
    batchSize,
    outHeight,
    outWidth,
    outChannels,
    lines,
    lineStep,
    spanLength,
  )
  return out
}
function biasGradient(context, { dy, places }) {
  const filters = dy.shape.at(-1)
  const out = context.output([filters])
  const rows = tf.util.sizeFromShape(dy.shape) / filters
  context.module.pooledBiasGradient(context.address(dy), context.address(places), context.address(out), rows, filters)
  return out
}
function sizesOf2(inputShape, filterShape, pad2) {
  return convolutionSizes(inputShape, filterShape, { strides: 1, pad: pad2 })
}

function registerPoolingKernels(context) {
  context.improve('AvgPool', (call) => averagePool(context, call))
  const { module } = context
  context.improve('MaxPoolGrad', (call) =>
    poolingGradient(context, call, (input, dy, out, sizes) => module.maxPoolGradient(input, dy, out, ...sizes)),
  )
  context.improve('AvgPoolGrad', (call) =>
    poolingGradient(context, call, (_input, dy, out, sizes) => module.averagePoolGradient(dy, out, ...sizes)),
  )
  correctAveragePool3dGradient(context)
}
function averagePool(context, { inputs, attrs }) {
  const { x } = inputs
  if (!x || !areFloats(x)) return null
  const sizes = pool2dInfo(x, attrs)
  const out = context.output(sizes.outShape)
  context.module.averagePool(context.address(x), context.address(out), ...poolingSizes(sizes))
  return out
}
function poolingGradient(context, { inputs, attrs }, write) {
  const { dy, input } = inputs
  if (!dy || !input || !areFloats(dy, input)) return null
  const out = context.output(input.shape)
  write(context.address(input), context.address(dy), context.address(out), poolingSizes(pool2dInfo(input, attrs)))
  return out
}
function pool2dInfo(input, attrs) {
  return tf.backend_util.computePool2DInfo(
    input.shape,
    attrs.filterSize,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  )
}
function poolingSizes(sizes) {
  return [
    sizes.batchSize,
    sizes.inHeight,
    sizes.inWidth,
    sizes.inChannels,
    sizes.outHeight,
    sizes.outWidth,
    sizes.filterHeight,
    sizes.filterWidth,
    sizes.strideHeight,
    sizes.strideWidth,
    sizes.padInfo.top,
    sizes.padInfo.left,
  ]
}
function correctAveragePool3dGradient(context) {
  const stock = tf.getKernel('AvgPool3DGrad', 'wasm')
  context.replace('AvgPool3DGrad', (call) => {
    const { dy, input } = call.inputs
    if (!dy || !input || !areFloats(dy, input)) return stock.kernelFunc(call)
    const scaled = context.output(dy.shape)
    scaleToWholePools(context, dy, scaled, input.shape, call.attrs)
    const out = stock.kernelFunc({ ...call, inputs: { dy: scaled, input } })
    context.backend.disposeData(scaled.dataId)
    return out
  })
}
function scaleToWholePools(context, dy, to, inputShape, { filterSize, strides, pad: pad2, dimRoundingMode }) {
  const shape = inputShape
  const sizes = tf.backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad2, dimRoundingMode)
  const { padInfo, inChannels } = sizes
  const depth = shareInside(sizes.inDepth, sizes.outDepth, sizes.filterDepth, sizes.strideDepth, padInfo.front)
  const height = shareInside(sizes.inHeight, sizes.outHeight, sizes.filterHeight, sizes.strideHeight, padInfo.top)
  const width = shareInside(sizes.inWidth, sizes.outWidth, sizes.filterWidth, sizes.strideWidth, padInfo.left)
  const { buffer } = context.backend.wasm.asm.memory
  const count = tf.util.sizeFromShape(dy.shape)
  const from = new Float32Array(buffer, context.address(dy), count)
  const target = new Float32Array(buffer, context.address(to), count)
  let at = 0
  for (let n = 0; n < sizes.batchSize; n++) {
    for (const inDepth of depth) {
      for (const inHeight of height) {
        for (const inWidth of width) {
          const factor = 1 / (inDepth * inHeight * inWidth)
          for (const end = at + inChannels; at < end; at++) target[at] = (from[at] ?? 0) * factor
        }
      }
    }
  }
}
function shareInside(size, windows, pool, stride, before) {
  return Array.from({ length: windows }, (_, i) => {
    const start = i * stride - before
    return (Math.min(size, start + pool) - Math.max(0, start)) / pool
  })
}

function registerPreluKernel(context) {
  const { kernelFunc } = tf.getKernel('Prelu', 'wasm')
  const onCpu = cpuKernel(context, 'Prelu')
  context.replace('Prelu', (call) => {
    const [x, alpha] = [call.inputs['x'], call.inputs['alpha']]
    return repeats(alpha.shape, x.shape) ? kernelFunc(call) : onCpu(call)
  })
}
function repeats(alphaShape, xShape) {
  const first = alphaShape.findIndex((size) => size !== 1)
  const own = first < 0 ? [] : alphaShape.slice(first)
  return own.every((size, index) => size === xShape[xShape.length - own.length + index])
}

function registerReductionKernels(context) {
  context.improve('Sum', (call) => sumOuterAxes(context, call, false))
  context.improve('Mean', (call) => sumOuterAxes(context, call, true))
  context.improve('UnsortedSegmentSum', (call) => sumSegments(context, call))
  context.improve('Tile', (call) => tileFirstAxes(context, call))
}
function sumOuterAxes(context, { inputs, attrs }, mean) {
  const { x } = inputs
  if (!x || !areFloats(x)) return null
  const axes = tf.util.parseAxisParam(attrs.axis ?? tf.util.parseAxisParam([], x.shape), x.shape)
  const first = Math.min(...axes)
  const end = first + axes.length
  if (axes.length === 0 || end >= x.shape.length || axes.some((axis) => axis >= end)) return null
  const matrices = tf.util.sizeFromShape(x.shape.slice(0, first))
  const rows = tf.util.sizeFromShape(x.shape.slice(first, end))
  const columns = tf.util.sizeFromShape(x.shape.slice(end))
  if (first > 0 && columns < 4) return null
  const summed = attrs.keepDims ? x.shape.slice(first, end).fill(1) : []
  const out = context.output([...x.shape.slice(0, first), ...summed, ...x.shape.slice(end)])
  const [from, to] = [context.address(x), context.address(out)]
  for (let n = 0; n < matrices; n++) {
    const at = from + n * rows * columns * 4
    context.module.columnSums(at, to + n * columns * 4, rows, columns, mean ? 1 / rows : 1)
  }
  return out
}
function sumSegments(context, { inputs, attrs }) {
  const { x, segmentIds } = inputs
  if (!x || !segmentIds || !areFloats(x) || segmentIds.dtype !== 'int32' || segmentIds.shape.length !== 1) return null
  const rowShape = x.shape.slice(1)
  const out = context.output([attrs.numSegments, ...rowShape])
  context.module.segmentSums(
    context.address(x),
    context.address(segmentIds),
    context.address(out),
    x.shape[0] ?? 0,
    tf.util.sizeFromShape(rowShape),
    attrs.numSegments,
  )
  return out
}
function tileFirstAxes(context, { inputs, attrs }) {
  const { x } = inputs
  const { reps } = attrs
  if (!x || !areFloats(x) || reps.length !== x.shape.length) return null
  const last = reps.reduce((found, times2, axis) => (times2 === 1 ? found : axis), -1)
  if (x.shape.slice(0, Math.max(last, 0)).some((size) => size !== 1)) return null
  const times = tf.util.sizeFromShape(reps)
  if (times === 0) return null
  const out = context.output(x.shape.map((size, axis) => size * (reps[axis] ?? 1)))
  context.module.tileBlock(context.address(x), context.address(out), tf.util.sizeFromShape(x.shape), times)
  return out
}

var rules = [
  'UpdateBySgd',
  'UpdateByMomentum',
  'UpdateByAdam',
  'UpdateByAdamax',
  'UpdateByAdagrad',
  'UpdateByAdadelta',
  'UpdateByRmsprop',
  'UpdateByCenteredRmsprop',
]
function registerUpdateKernels(context) {
  for (const name of [...rules, 'UpdateByProduct'])
    context.replace(name, ({ inputs, attrs }) => {
      const { kept, constants, rule } = attrs
      const operands = inputs
      const updated = operands.slice(0, kept).map((tensor2) => context.takeOver(tensor2))
      const numbers = operands.slice(kept + (rule === void 0 ? 1 : 2))
      const plan = planUpdate(context, rule ?? name, updated, numbers, constants)
      if (rule === void 0) updateByGradient(context, operands[kept], plan)
      else updateByProduct(context, operands[kept], operands[kept + 1], plan)
      return updated
    })
}
function updateByGradient(context, gradient, plan) {
  context.module.applyUpdate(plan, 0, context.address(gradient), tf.util.sizeFromShape(gradient.shape))
}
function updateByProduct(context, left, right, plan) {
  const [depth, rows] = left.shape.slice(-2)
  const columns = right.shape.at(-1)
  const { module } = context
  const scratch = context.scratch('packed', module.multiplyScratchSize(rows, depth) / 4)
  const [from, to] = [context.address(left), context.address(right)]
  module.multiplyAndUpdate(from, 1, rows, to, columns, 1, rows, depth, columns, scratch, plan)
}
function planUpdate(context, rule, updated, numbers, constants) {
  const plan = context.scratch('update', 13)
  const { buffer } = context.backend.wasm.asm.memory
  const words = new Int32Array(buffer, plan, 8)
  words[0] = rules.indexOf(rule)
  for (const [index, tensor2] of updated.entries()) words[1 + index] = context.address(tensor2)
  for (const [index, tensor2] of numbers.entries()) words[5 + index] = context.address(tensor2)
  new Float32Array(buffer, plan + 32, 5).set(constants)
  return plan
}

function fuseBatchNormalization() {
  if (tf.getGradient('BatchNormTraining')) return
  registerGradient2()
  const prototype = Object.getPrototypeOf(tf.layers.batchNormalization({ name: 'prototype' }))
  const { call } = prototype
  prototype.call = function (tensors, settings) {
    const x = Array.isArray(tensors) ? tensors[0] : tensors
    const { gamma, beta } = this
    if (settings?.['training'] !== true || !gamma || !beta || !canFuse(this, x))
      return call.call(this, tensors, settings)
    return tf.tidy(() => normalize2(this, { x, gamma: gamma.read(), beta: beta.read() }))
  }
}
function canFuse({ axis }, { rank }) {
  const isLast = axis === -1 || axis === rank - 1
  return isLast && rank <= 4 && tf.getKernel('BatchNormTraining', tf.getBackend()) !== void 0
}
function normalize2(layer, inputs) {
  const { epsilon, momentum, movingMean, movingVariance } = layer
  const [y, mean, variance] = runKernel('BatchNormTraining', inputs, { epsilon })
  updateAverage(movingMean, mean, momentum)
  updateAverage(movingVariance, variance, momentum)
  return y
}
function updateAverage(average, value, momentum) {
  const before = average.read()
  average.write(tf.sub(before, tf.mul(tf.sub(before, value), 1 - momentum)))
}
function registerGradient2() {
  tf.registerGradient({
    kernelName: 'BatchNormTraining',
    inputsToSave: ['x', 'gamma'],
    outputsToSave: [false, true, true, true],
    gradFunc: (dys, [x, gamma, mean, variance, saved], attrs) => {
      const inputs = { x, dy: dys[0], gamma, mean, variance, saved }
      const [dx, dgamma, dbeta] = runKernel('BatchNormTrainingGrad', inputs, attrs)
      return { x: () => dx, gamma: () => dgamma, beta: () => dbeta }
    },
  })
}
function runKernel(name, inputs, attrs) {
  return tf.engine().runKernel(name, inputs, attrs)
}

function replaceGradient(kernelName, gradient) {
  const stock = tf.getGradient(kernelName)
  tf.unregisterGradient(kernelName)
  tf.registerGradient({
    ...stock,
    gradFunc: (dy, saved, attrs) => gradient(dy, saved, attrs) ?? stock.gradFunc(dy, saved, attrs),
  })
}

var kernels = {
  Relu: { name: 'ReluGrad', at: 'x' },
  Relu6: { name: 'Relu6Grad', at: 'x' },
  Sigmoid: { name: 'SigmoidGrad', at: 'y' },
  Tanh: { name: 'TanhGrad', at: 'y' },
}
function fuseActivationGradients() {
  for (const [activation, { name, at }] of Object.entries(kernels)) {
    const run = (saved, dy) => tf.engine().runKernel(name, { [at]: saved, dy })
    replaceGradient(activation, (dy, [saved]) => (hasKernel(name) ? { x: () => run(saved, dy) } : null))
    tf.registerGradient({
      kernelName: name,
      inputsToSave: [at],
      gradFunc: (ddx, [saved]) => ({
        [at]: () => tf.zerosLike(saved),
        dy: () => run(saved, ddx),
      }),
    })
  }
}
function hasKernel(kernelName) {
  return tf.getKernel(kernelName, tf.getBackend()) !== void 0
}

function fixAveragePooling() {
  replaceGradient('AvgPool', averagePoolingGradient('AvgPoolGrad'))
  replaceGradient('AvgPool3D', averagePoolingGradient('AvgPool3DGrad'))
}
function averagePoolingGradient(gradientKernel) {
  return (dy, [x], attrs) => {
    const engine11 = tf.getBackend()
    if (engine11 === 'wasm') return null
    const input = x
    const axes = windowAxes(input.shape, attrs)
    if (engine11 === 'cpu' || engine11 === 'webgpu') {
      const scale = (scaled, axis, index) => scaled.mul(paddingFactors(axis, index + 1, dy.rank))
      return {
        x: () => tf.engine().runKernel(gradientKernel, { dy: axes.reduce(scale, dy), input }, attrs),
      }
    }
    const isWrong = gradientKernel === 'AvgPoolGrad' && axes.some(({ size, window }) => window > size)
    return isWrong ? { x: () => axes.reduce((spread, axis, index) => spreadOver(spread, axis, index + 1), dy) } : null
  }
}
function windowAxes(inputShape, attrs) {
  const { filterSize, strides, pad: pad2, dimRoundingMode } = attrs
  const { computePool2DInfo, computePool3DInfo } = tf.backend_util
  if (inputShape.length === 4) {
    const sizes2 = computePool2DInfo([...inputShape], filterSize, strides, 1, pad2, dimRoundingMode)
    const { padInfo: padInfo2 } = sizes2
    return [
      axisOf(sizes2.inHeight, sizes2.outHeight, sizes2.filterHeight, sizes2.strideHeight, padInfo2.top),
      axisOf(sizes2.inWidth, sizes2.outWidth, sizes2.filterWidth, sizes2.strideWidth, padInfo2.left),
    ]
  }
  const sizes = computePool3DInfo([...inputShape], filterSize, strides, 1, pad2, dimRoundingMode)
  const { padInfo } = sizes
  return [
    axisOf(sizes.inDepth, sizes.outDepth, sizes.filterDepth, sizes.strideDepth, padInfo.front),
    axisOf(sizes.inHeight, sizes.outHeight, sizes.filterHeight, sizes.strideHeight, padInfo.top),
    axisOf(sizes.inWidth, sizes.outWidth, sizes.filterWidth, sizes.strideWidth, padInfo.left),
  ]
}
function axisOf(size, windows, window, stride, before) {
  return { size, windows, window, stride, before }
}
function rangeOf({ size, window, stride, before }, index) {
  const start = index * stride - before
  return [Math.max(0, start), Math.min(size, start + window)]
}
function paddingFactors(along, axis, rank) {
  const factors = Array.from({ length: along.windows }, (_, index) => {
    const [start, end] = rangeOf(along, index)
    return along.window / (end - start)
  })
  const shape = Array.from({ length: rank }, (_, place) => (place === axis ? along.windows : 1))
  return tf.tensor(factors, shape)
}
function spreadOver(dy, along, axis) {
  const parts = Array.from({ length: along.windows }, (_, index) => {
    const [start, end] = rangeOf(along, index)
    return Array.from({ length: along.size }, (__, place) => (place >= start && place < end ? 1 / (end - start) : 0))
  })
  const order = Array.from({ length: dy.rank }, (_, place) => place)
  order[axis] = dy.rank - 1
  order[dy.rank - 1] = axis
  const last = dy.transpose(order)
  const product = last.reshape([-1, along.windows]).matMul(tf.tensor2d(parts, [along.windows, along.size]))
  return product.reshape([...last.shape.slice(0, -1), along.size]).transpose(order)
}

function simplifyClipping() {
  tf.unregisterGradient('ClipByValue')
  tf.registerGradient({
    kernelName: 'ClipByValue',
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, [x, y]) => ({ x: () => tf.where(tf.equal(x, y), dy, tf.zerosLike(dy)) }),
  })
}

function fixDilatedConvolutions() {
  for (const kernel of ['Conv2D', 'DepthwiseConv2dNative'])
    replaceGradient(kernel, dilatedConvolutionGradient(`${kernel}BackpropInput`, `${kernel}BackpropFilter`))
}
function dilatedConvolutionGradient(inputKernel, filterKernel) {
  return (dy, [x, filter], attrs) => {
    const { dilations } = attrs
    const rates = [dilations ?? 1].flat()
    if (rates.every((rate) => rate === 1)) return null
    const [input, weights] = [x, filter]
    const run = (kernelName, inputs, others) => tf.engine().runKernel(kernelName, inputs, { ...attrs, ...others })
    if (tf.getBackend() === 'wasm') {
      return {
        x: () => run(inputKernel, { dy, filter: weights }, { inputShape: input.shape }),
        filter: () => run(filterKernel, { x: input, dy }, { filterShape: weights.shape }),
      }
    }
    const [rateY, rateX] = [rates[0], rates.at(-1)]
    const undilated = { dilations: [1, 1] }
    const filterShape = dilatedShape(weights.shape, rateY, rateX)
    return {
      x: () =>
        run(
          inputKernel,
          { dy, filter: dilateFilter(weights, rateY, rateX) },
          { ...undilated, inputShape: input.shape },
        ),
      filter: () => {
        const dilated = run(filterKernel, { x: input, dy }, { ...undilated, filterShape })
        return tf.stridedSlice(dilated, [0, 0, 0, 0], filterShape, [rateY, rateX, 1, 1])
      },
    }
  }
}
function dilatedShape([height, width, channels, filters], rateY, rateX) {
  return [(height - 1) * rateY + 1, (width - 1) * rateX + 1, channels, filters]
}
function dilateFilter(filter, rateY, rateX) {
  const [height, width, channels, filters] = filter.shape
  const rows = tf.pad(filter.reshape([height, 1, width * channels * filters]), [
    [0, 0],
    [0, rateY - 1],
    [0, 0],
  ])
  const taps = tf.pad(rows.reshape([height * rateY, width, 1, channels * filters]), [
    [0, 0],
    [0, 0],
    [0, rateX - 1],
    [0, 0],
  ])
  return taps
    .reshape([height * rateY, width * rateX, channels, filters])
    .slice([0, 0, 0, 0], dilatedShape(filter.shape, rateY, rateX))
}

function fixMaxPooling3d() {
  replaceCpuKernel()
  replaceGradient('MaxPool3D', (dy, [x, y], attrs) => {
    if (tf.getBackend() !== 'tensorflow') return null
    const [input, output] = [tf.mul(x, 2 ** 20), tf.mul(y, 2 ** 20)]
    return { x: () => tf.engine().runKernel('MaxPool3DGrad', { dy, input, output }, attrs) }
  })
}
function replaceCpuKernel() {
  tf.unregisterKernel('MaxPool3DGrad', 'cpu')
  tf.registerKernel({
    kernelName: 'MaxPool3DGrad',
    backendName: 'cpu',
    kernelFunc: ({ inputs, backend: backend2, attrs }) => {
      const cpu = backend2
      const [dy, input] = [inputs['dy'], inputs['input']]
      const dx = new Float32Array(tf.util.sizeFromShape(input.shape))
      const [values, gradients] = [cpu.data.get(input.dataId).values, cpu.data.get(dy.dataId).values]
      const { filterSize, strides, pad: pad2, dimRoundingMode } = attrs
      const shape = input.shape
      const sizes = tf.backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad2, dimRoundingMode)
      for (const [index, gradient] of gradients.entries()) dx[largestInWindow(values, sizes, index)] += gradient
      return cpu.makeTensorInfo(input.shape, 'float32', dx)
    },
  })
}
function largestInWindow(values, sizes, index) {
  const channel = index % sizes.inChannels
  const window = Math.floor(index / sizes.inChannels)
  const x = (window % sizes.outWidth) * sizes.strideWidth - sizes.padInfo.left
  const line = Math.floor(window / sizes.outWidth)
  const y = (line % sizes.outHeight) * sizes.strideHeight - sizes.padInfo.top
  const plane = Math.floor(line / sizes.outHeight)
  const z = (plane % sizes.outDepth) * sizes.strideDepth - sizes.padInfo.front
  const sample = Math.floor(plane / sizes.outDepth)
  let largest = -1
  for (let depth = Math.max(0, z); depth < Math.min(sizes.inDepth, z + sizes.filterDepth); depth++)
    for (let row = Math.max(0, y); row < Math.min(sizes.inHeight, y + sizes.filterHeight); row++)
      for (let column = Math.max(0, x); column < Math.min(sizes.inWidth, x + sizes.filterWidth); column++) {
        const pixel = ((sample * sizes.inDepth + depth) * sizes.inHeight + row) * sizes.inWidth + column
        const place = pixel * sizes.inChannels + channel
        if (largest < 0 || values[place] >= values[largest]) largest = place
      }
  return largest
}

function fuseRelu6() {
  const prototype = Object.getPrototypeOf(tf.layers.reLU({ name: 'prototype' }))
  const { call } = prototype
  prototype.call = function (tensors, settings) {
    if (this.maxValue !== 6 || !tf.getKernel('Relu6Grad', tf.getBackend())) return call.call(this, tensors, settings)
    return tf.relu6(Array.isArray(tensors) ? tensors[0] : tensors)
  }
}

function fixResizing() {
  replaceGradient('ResizeBilinear', resizingGradient('bilinear'))
  replaceGradient('ResizeNearestNeighbor', resizingGradient('nearest'))
}
function resizingGradient(interpolation) {
  return (dy, [images], attrs) => {
    const { alignCorners, halfPixelCenters } = attrs
    const [batch, height, width, channels] = images.shape
    const [, newHeight, newWidth] = dy.shape
    const weights = (size, newSize) => resizingWeights(size, newSize, interpolation, alignCorners, halfPixelCenters)
    return {
      images: () => {
        const lines = tf.matMul(
          tf.tile(weights(height, newHeight).expandDims(0), [batch, 1, 1]),
          dy.reshape([batch, newHeight, newWidth * channels]),
          true,
        )
        const columns = tf.matMul(
          tf.tile(weights(width, newWidth).expandDims(0), [batch * height, 1, 1]),
          lines.reshape([batch * height, newWidth, channels]),
          true,
        )
        return columns.reshape([batch, height, width, channels])
      },
    }
  }
}
function resizingWeights(size, newSize, interpolation, alignCorners, halfPixelCenters) {
  const aligned = alignCorners && newSize > 1
  const scale = aligned ? (size - 1) / (newSize - 1) : size / newSize
  const weights = Array.from({ length: newSize }, () => Array.from({ length: size }, () => 0))
  for (const [place, row] of weights.entries()) {
    const centered = interpolation === 'bilinear' ? scale * (place + 0.5) - 0.5 : scale * (place + 0.5)
    const from = halfPixelCenters ? centered : scale * place
    if (interpolation === 'nearest') {
      const nearest = alignCorners ? Math.round(from) : Math.floor(from)
      row[Math.min(size - 1, Math.max(0, nearest))] += 1
    } else {
      const before = Math.max(0, Math.floor(from))
      const part = from - before
      row[before] += 1 - part
      row[Math.min(size - 1, Math.ceil(from))] += part
    }
  }
  return tf.tensor2d(weights, [newSize, size], 'float32')
}

function fixStretchedExtremes() {
  replaceGradient('Maximum', stretchedExtremeGradient('Maximum'))
  replaceGradient('Minimum', stretchedExtremeGradient('Minimum'))
}
function stretchedExtremeGradient(kind) {
  return (dy, [a, b]) => {
    const [first, second] = [a, b]
    if (tf.util.arraysEqual(first.shape, second.shape)) return null
    const isFirst = () => (kind === 'Maximum' ? first.greaterEqual(second) : first.lessEqual(second))
    return {
      a: () => sumToShape(dy.mul(isFirst()), first.shape),
      b: () => sumToShape(dy.mul(isFirst().logicalNot()), second.shape),
    }
  }
}
function sumToShape(values, shape) {
  const axes = tf.broadcast_util.getReductionAxes(shape, values.shape)
  return (axes.length === 0 ? values : values.sum(axes)).reshape(shape)
}

function fixTransposedConvolution3d() {
  tf.registerGradient({
    kernelName: 'Conv3DBackpropInputV2',
    inputsToSave: ['dy', 'filter'],
    gradFunc: (gradient, [input, filter], attrs) => {
      const { strides, pad: pad2 } = attrs
      const [given, values, weights] = [gradient, input, filter]
      return {
        dy: () => tf.conv3d(given, weights, strides, pad2),
        filter: () =>
          tf
            .engine()
            .runKernel(
              'Conv3DBackpropFilterV2',
              { x: given, dy: values },
              { strides, pad: pad2, filterShape: weights.shape },
            ),
      }
    },
  })
}

function fixUnstacking() {
  replaceGradient('Unpack', unstackGradient)
}
var unstackGradient = (dy, _saved, attrs) => {
  if (Array.isArray(dy)) return null
  const { axis } = attrs
  return { value: () => tf.expandDims(dy, axis) }
}

function fixGradients() {
  const mark = 'ShapewrightGradients'
  if (tf.getGradient(mark)) return
  tf.registerGradient({ kernelName: mark, gradFunc: () => ({}) })
  fixAveragePooling()
  fixDilatedConvolutions()
  fixMaxPooling3d()
  fixResizing()
  fixStretchedExtremes()
  fixTransposedConvolution3d()
  fixUnstacking()
  fuseActivationGradients()
  fuseRelu6()
  simplifyClipping()
}

function poolFirstInTraining() {
  const { prototype } = tf.LayersModel
  if (Object.hasOwn(prototype, 'call')) return
  const { call } = prototype
  prototype.call = function (inputs, settings) {
    const run = () => call.call(this, inputs, settings)
    return settings?.['training'] === true ? poolingFirst(this, run) : run()
  }
}
function poolingFirst(model, run) {
  const pairs = findPooledConvolutions(model)
  for (const pair of pairs) postponeActivation(pair)
  try {
    return run()
  } finally {
    for (const layer of pairs.flatMap(({ convolution, pooling }) => [convolution, pooling])) {
      Reflect.deleteProperty(layer, 'call')
    }
  }
}
function findPooledConvolutions(model) {
  const outputs = new Set(model.outputs.map(({ sourceLayer }) => sourceLayer))
  return model.layers.flatMap((convolution) => {
    const [node, ...others] = convolution.outboundNodes
    if (node === void 0 || others.length > 0 || outputs.has(convolution)) return []
    const pooling = node.outboundLayer
    return canPostpone(convolution) && isPlain(pooling, 'MaxPooling2D') ? [{ convolution, pooling }] : []
  })
}
function canPostpone(layer) {
  if (!isPlain(layer, 'Conv2D') || layer.activityRegularizer) return false
  const { activation, dataFormat } = layer
  return dataFormat === 'channelsLast' && ['linear', 'relu'].includes(activation?.getClassName() ?? 'linear')
}
function isPlain(layer, className) {
  return layer.getClassName() === className && layer.inboundNodes.length === 1 && !Object.hasOwn(layer, 'call')
}
function postponeActivation({ convolution, pooling }) {
  const { bias, activation } = convolution
  const identity = { apply: (values) => values, getClassName: () => 'linear' }
  const bare = Object.create(convolution, { bias: { value: null }, activation: { value: identity } })
  const [convolve2, findLargest] = [convolution.call.bind(bare), pooling.call.bind(pooling)]
  let isFused = false
  convolution.call = (images, settings) => {
    const x = Array.isArray(images) ? images[0] : images
    isFused = canFuse2({ convolution, pooling }, x)
    return isFused ? x : convolve2(images, settings)
  }
  pooling.call = (images, settings) =>
    tf.tidy(() => {
      if (isFused) return convolveAndPool2(convolution, Array.isArray(images) ? images[0] : images)
      const pooled = findLargest(images, settings)
      const shifted = bias === null ? pooled : tf.add(pooled, bias.read())
      return activation === null ? shifted : activation.apply(shifted)
    })
}
function canFuse2({ convolution, pooling }, images) {
  if (!tf.getKernel('PooledConv2D', tf.getBackend()) || images.dtype !== 'float32') return false
  const { strides, dilationRate } = convolution
  const windows = pooling
  const [batch, height, width, filters] = convolution.computeOutputShape(images.shape)
  const isDense = [...strides, ...dilationRate].every((step) => step === 1)
  const areTwoByTwo = [...windows.poolSize, ...windows.strides].every((size) => size === 2)
  const areEven = [height, width].every((size) => size > 0 && size % 2 === 0)
  return isDense && areTwoByTwo && areEven && batch > 0 && filters % 8 === 0
}
function convolveAndPool2(layer, x) {
  const { kernel, bias, activation, padding } = layer
  registerPooledGradients()
  const inputs = { x, filter: kernel.read(), ...(bias && { bias: bias.read() }) }
  const attributes = { pad: padding, relu: activation?.getClassName() === 'relu' }
  return runKernel2('PooledConv2D', inputs, attributes)[0]
}
function registerPooledGradients() {
  if (tf.getGradient('PooledConv2D')) return
  tf.registerGradient({
    kernelName: 'PooledConv2D',
    inputsToSave: ['x', 'filter'],
    outputsToSave: [false, true],
    gradFunc: (dys, [x, filter, places], attributes) => {
      const inputs = { x, filter, dy: dys[0], places }
      return {
        x: () => runKernel2('PooledConv2DInputGrad', inputs, attributes),
        filter: () => runKernel2('PooledConv2DFilterGrad', inputs, attributes),
        bias: () => runKernel2('PooledConv2DBiasGrad', inputs, attributes),
      }
    },
  })
}
function runKernel2(name, inputs, attributes) {
  return tf.engine().runKernel(name, inputs, attributes)
}

var kernelNames = { LSTMCell: 'LstmSequence', GRUCell: 'GruSequence' }
function fuseRecurrentSequences() {
  if (tf.getGradient('LstmSequence')) return
  registerLstmGradient()
  registerGruGradient()
  const lstm = Object.getPrototypeOf(tf.layers.lstm({ units: 1, name: 'prototype' }))
  const prototype = Object.getPrototypeOf(lstm)
  const { call } = prototype
  prototype.call = function (tensors, settings) {
    const x = Array.isArray(tensors) ? tensors[0] : tensors
    if (!canFuse3(this, x, settings ?? {})) return call.call(this, tensors, settings)
    return tf.tidy(() => runSequence(this, x))
  }
}
function canFuse3({ cell, returnState, stateful, unroll }, x, { mask, training, initialState }) {
  const isPlain2 = mask == null && initialState == null && !returnState && !stateful && !unroll && x.dtype === 'float32'
  const kernelName = kernelNames[cell.getClassName()]
  if (!isPlain2 || kernelName === void 0 || !tf.getKernel(kernelName, tf.getBackend())) return false
  if (Object.hasOwn(cell, 'call')) return false
  if (training === true && (cell.dropout > 0 || cell.recurrentDropout > 0)) return false
  return cell.activation.getClassName() === 'tanh' && isSigmoid(cell.recurrentActivation)
}
function isSigmoid(activation) {
  return activation.getClassName() === 'sigmoid' || activation.getClassName() === 'hardSigmoid'
}
function runSequence({ cell, goBackwards, returnSequences }, x) {
  const { kernel, recurrentKernel, bias, recurrentActivation } = cell
  const weights = { kernel: kernel.read(), recurrentKernel: recurrentKernel.read(), ...(bias && { bias: bias.read() }) }
  const attributes = { backwards: goBackwards, hard: recurrentActivation.getClassName() === 'hardSigmoid' }
  const kernelName = kernelNames[cell.getClassName()]
  const [sequence] = runKernel3(kernelName, { x, ...weights }, attributes)
  if (returnSequences) return sequence
  const [batch, steps, units] = sequence.shape
  return tf.reshape(tf.slice(sequence, [0, steps - 1, 0], [batch, 1, units]), [batch, units])
}
function registerLstmGradient() {
  tf.registerGradient({
    kernelName: 'LstmSequence',
    inputsToSave: ['x', 'kernel', 'recurrentKernel'],
    outputsToSave: [true, true, true],
    gradFunc: (dys, [x, kernel, recurrentKernel, out, gates, cells], attrs) => {
      const given = { dy: dys[0], recurrentKernel, gates, cells }
      const [slopes] = runKernel3('LstmSequenceGrad', given, attrs)
      return {
        ...inputGradients(slopes, x, kernel, attrs),
        recurrentKernel: () => kernelGradient2(slopes, out, { delay: 1 }),
      }
    },
  })
}
function registerGruGradient() {
  tf.registerGradient({
    kernelName: 'GruSequence',
    inputsToSave: ['x', 'kernel', 'recurrentKernel'],
    outputsToSave: [true, true, true],
    gradFunc: (dys, [x, kernel, recurrentKernel, out, gates, resets], attrs) => {
      const given = { dy: dys[0], recurrentKernel, out, gates }
      const [slopes] = runKernel3('GruSequenceGrad', given, attrs)
      const units = out.shape[2]
      return {
        ...inputGradients(slopes, x, kernel, attrs),
        recurrentKernel: () =>
          tf.concat(
            [
              kernelGradient2(slopes, out, { delay: 1, columns: [0, 2 * units] }),
              kernelGradient2(slopes, resets, { columns: [2 * units, 3 * units] }),
            ],
            1,
          ),
      }
    },
  })
}
function inputGradients(slopes, x, kernel, attrs) {
  const { backwards } = attrs
  return {
    x: () => runKernel3('SequenceInputGrad', { slopes, kernel }, { backwards })[0],
    kernel: () => kernelGradient2(slopes, x, { backwards }),
    bias: () => tf.sum(slopes, [0, 1]),
  }
}
function kernelGradient2(slopes, x, { backwards = false, delay = 0, columns = [0, slopes.shape[2]] }) {
  return runKernel3('SequenceKernelGrad', { slopes, x }, { backwards, delay, columns })[0]
}
function runKernel3(name, inputs, attributes) {
  return tf.engine().runKernel(name, inputs, attributes)
}

async function startWasmBackend() {
  if (tf.getBackend() === 'wasm') return true
  await import('@tensorflow/tfjs-backend-wasm')
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  return await withoutNewCrashHandlers(() => tf.setBackend('wasm'))
}
async function withoutNewCrashHandlers(start) {
  const events = typeof process === 'undefined' ? [] : ['uncaughtException', 'unhandledRejection']
  const known = events.map((event) => process.listeners(event))
  const result = await start()
  for (const [index, event] of events.entries()) {
    for (const listener of process.listeners(event)) {
      if (!known[index].includes(listener)) process.removeListener(event, listener)
    }
  }
  return result
}

async function registerTrainingKernels() {
  if (!(await startWasmBackend())) {
    throw new Error('The WASM backend did not start. Reinstall it: npm install @tensorflow/tfjs-backend-wasm')
  }
  fixGradients()
  poolFirstInTraining()
  fuseBatchNormalization()
  fuseRecurrentSequences()
  if (tf.getKernel('Conv2DBackpropFilter', 'wasm')) return
  const context = await createKernelContext()
  registerCpuFallbacks(context)
  registerBatchNormalizationKernels(context)
  registerConvolutionKernels(context)
  registerPooledConvolutionKernels(context)
  registerCrossentropyKernel(context)
  registerDepthwiseKernels(context)
  registerMatMulKernels(context)
  registerPoolingKernels(context)
  registerPreluKernel(context)
  registerReductionKernels(context)
  registerElementwiseKernels(context)
  registerUpdateKernels(context)
  registerRecurrentKernels(context)
  registerGruKernels(context)
}

function registerNodeFallbacks() {
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
function replaceOnNode(kernelName, kernelFunc) {
  if (tf.getKernel(kernelName, 'tensorflow')) tf.unregisterKernel(kernelName, 'tensorflow')
  tf.registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc })
}
function isUneven(attrs) {
  const { strides, dilations } = attrs
  const [across, down] = [[strides].flat()[0], [strides].flat().at(-1)]
  return across !== down || [dilations ?? 1].flat().some((rate) => rate !== 1)
}
function cpuKernelOnNode(kernelName) {
  return ({ inputs, attrs, backend: backend2 }) => {
    const [node, cpu] = [backend2, tf.engine().findBackend('cpu')]
    const move = ({ dataId, shape, dtype }, from, to) => {
      return { dataId: to.write(from.readSync(dataId), shape, dtype), shape, dtype }
    }
    const lent = []
    const lend = (tensor2) => {
      const moved = move(tensor2, node, cpu)
      lent.push(moved)
      return moved
    }
    const lentInputs = Array.isArray(inputs)
      ? inputs.map(lend)
      : Object.fromEntries(Object.entries(inputs).map(([name, tensor2]) => [name, tensor2 && lend(tensor2)]))
    const { kernelFunc } = tf.getKernel(kernelName, 'cpu')
    const call = { inputs: lentInputs, backend: cpu, ...(attrs && { attrs }) }
    const results = [kernelFunc(call)].flat()
    const outputs = results.map((result) => move(result, cpu, node))
    for (const { dataId } of [...lent, ...results]) cpu.disposeData(dataId, true)
    return outputs.length === 1 ? outputs[0] : outputs
  }
}

var normalizeBatch2 = ({ inputs, attrs, backend: backend2 }) => {
  const { x, gamma, beta } = inputs
  return tf.tidy(() => {
    const none = tf.tensor1d([], 'float32')
    const operands = [asImages(x), gamma, beta, none, none]
    const results = runOperation(backend2, 'FusedBatchNormV3', attrs, operands, 6)
    const [y, mean, , , variance, saved] = results
    return [tf.reshape(y, x.shape), mean, variance, saved]
  })
}
var differentiateBatchNormalization = ({ inputs, attrs, backend: backend2 }) => {
  const { x, dy, gamma, mean, variance, saved } = inputs
  return tf.tidy(() => {
    const operands = [asImages(dy), asImages(x), gamma, mean, variance, saved]
    const results = runOperation(backend2, 'FusedBatchNormGradV3', attrs, operands, 5)
    const [dx, dgamma, dbeta] = results
    return [tf.reshape(dx, x.shape), dgamma, dbeta]
  })
}
function asImages(values) {
  if (values.shape.length === 4) return values
  return tf.reshape(values, [-1, 1, 1, values.shape.at(-1)])
}
function runOperation(backend2, name, attrs, operands, outputs) {
  const { TF_ATTR_TYPE, TF_ATTR_FLOAT, TF_ATTR_STRING, TF_ATTR_BOOL, TF_FLOAT } = backend2.binding
  const attributes = [
    { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'U', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'epsilon', type: TF_ATTR_FLOAT, value: attrs['epsilon'] },
    { name: 'data_format', type: TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: TF_ATTR_BOOL, value: true },
  ]
  return backend2.executeMultipleOutputs(name, attributes, operands, outputs)
}

function registerMatMul() {
  const stock = tf.getKernel('BatchMatMul', 'tensorflow')
  tf.unregisterKernel('BatchMatMul', 'tensorflow')
  tf.registerKernel({
    ...stock,
    kernelFunc: (call) => {
      const { a, b } = call.inputs
      const transposition = call.attrs
      if (a.dtype !== 'float32' || !isSingleMatrix(a) || !isSingleMatrix(b)) return stock.kernelFunc(call)
      if (isLargeTransposedProduct(a, b, transposition)) return stock.kernelFunc(call)
      const backend2 = call.backend
      return tf.tidy(() => {
        const product = multiply2(backend2, asMatrix(a), asMatrix(b), transposition)
        const ones = (a.shape.length > b.shape.length ? a : b).shape.slice(0, -2)
        return ones.length === 0 ? product : tf.reshape(product, [...ones, ...product.shape])
      })
    },
  })
}
function multiply2(backend2, a, b, { transposeA, transposeB }) {
  const { TF_ATTR_TYPE, TF_ATTR_BOOL, TF_FLOAT } = backend2.binding
  const attributes = [
    { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'transpose_a', type: TF_ATTR_BOOL, value: transposeA },
    { name: 'transpose_b', type: TF_ATTR_BOOL, value: transposeB },
  ]
  return backend2.executeSingleOutput('MatMul', attributes, [a, b])
}
function isLargeTransposedProduct(a, b, { transposeA, transposeB }) {
  return transposeB && !transposeA && a.size * b.shape.at(-2) >= 2 ** 23
}
function isSingleMatrix({ shape }) {
  return shape.slice(0, -2).every((size) => size === 1)
}
function asMatrix(tensor2) {
  return tensor2.shape.length === 2 ? tensor2 : tf.reshape(tensor2, tensor2.shape.slice(-2))
}

function registerNodeKernels() {
  if (tf.getKernel('ReluGrad', 'tensorflow')) return
  for (const name of ['ReluGrad', 'Relu6Grad']) {
    register(name, ({ x, dy }, backend2) => backend2.executeSingleOutput(name, [floats(backend2)], [dy, x]))
  }
  for (const name of ['SigmoidGrad', 'TanhGrad']) {
    register(name, ({ y, dy }, backend2) => backend2.executeSingleOutput(name, [floats(backend2)], [y, dy]))
  }
  registerClipping()
  registerSoftmax()
  registerMatMul()
  register('SparseSoftmaxCrossEntropyWithLogits', ({ logits, labels }, backend2) =>
    backend2.executeMultipleOutputs(
      'SparseSoftmaxCrossEntropyWithLogits',
      [floats(backend2), { ...floats(backend2), name: 'Tlabels', value: backend2.binding.TF_INT32 }],
      [logits, labels],
      2,
    ),
  )
  const backendName = 'tensorflow'
  tf.registerKernel({ kernelName: 'BatchNormTraining', backendName, kernelFunc: normalizeBatch2 })
  tf.registerKernel({ kernelName: 'BatchNormTrainingGrad', backendName, kernelFunc: differentiateBatchNormalization })
}
function registerClipping() {
  const stock = tf.getKernel('ClipByValue', 'tensorflow')
  tf.unregisterKernel('ClipByValue', 'tensorflow')
  tf.registerKernel({
    ...stock,
    kernelFunc: (call) => {
      const { x } = call.inputs
      if (x.dtype !== 'float32') return stock.kernelFunc(call)
      const backend2 = call.backend
      const { clipValueMin, clipValueMax } = call.attrs
      return tf.tidy(() => {
        const operands = [x, tf.scalar(clipValueMin), tf.scalar(clipValueMax)]
        return backend2.executeSingleOutput('ClipByValue', [floats(backend2)], operands)
      })
    },
  })
}
function registerSoftmax() {
  const stock = tf.getKernel('Softmax', 'tensorflow')
  tf.unregisterKernel('Softmax', 'tensorflow')
  tf.registerKernel({
    ...stock,
    kernelFunc: (call) => {
      const { shape } = call.inputs['logits']
      if (shape.length <= 5) return stock.kernelFunc(call)
      return tf.tidy(() => {
        const logits = tf.reshape(call.inputs['logits'], [-1, shape.at(-1)])
        const rows = stock.kernelFunc({ ...call, inputs: { logits }, attrs: { dim: 1 } })
        return tf.reshape(rows, shape)
      })
    },
  })
}
function register(kernelName, run) {
  tf.registerKernel({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, backend: backend2 }) => run(inputs, backend2),
  })
}
function floats({ binding }) {
  return { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }
}

function supplyRemovedFunctions() {
  const util14 = process.getBuiltinModule('node:util')
  util14['isArray'] ??= Array.isArray
  util14['isNullOrUndefined'] ??= (value) => value === null || value === void 0
}

async function startNodeEngine() {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  supplyRemovedFunctions()
  await import('@tensorflow/tfjs-node')
}

async function startEngine() {
  try {
    await startNodeEngine()
  } catch {
    return await registerTrainingKernels()
  }
  registerNodeKernels()
  registerNodeFallbacks()
  fixGradients()
  poolFirstInTraining()
}
export { registerTrainingKernels, startEngine }
