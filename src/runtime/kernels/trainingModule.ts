import { readFile } from 'node:fs/promises'

/**
 * What the kernels' WASM module exports; see assembly/ for what each function computes. Addresses count bytes, sizes
 * count elements, and steps between addresses count bytes.
 */
export interface TrainingModule {
  padImages(
    from: number,
    to: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    toHeight: number,
    toWidth: number,
    top: number,
    left: number,
    stepY: number,
    stepX: number,
  ): void
  packPanels(from: number, to: number, depth: number, columns: number, rowStep: number, columnStep: number): void
  packFlippedFilter(
    filter: number,
    to: number,
    filterHeight: number,
    filterWidth: number,
    channels: number,
    filters: number,
  ): void
  windowRows(
    table: number,
    images: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    strideY: number,
    strideX: number,
  ): void
  matrixRows(table: number, matrix: number, rows: number, columns: number): void
  multiplyRows(
    rows: number,
    count: number,
    panels: number,
    bias: number,
    out: number,
    columns: number,
    lines: number,
    lineStep: number,
    spans: number,
    spanStep: number,
    spanLength: number,
    relu: number,
  ): void
  multiplyTransposedRows(
    rows: number,
    steps: number,
    right: number,
    rightStep: number,
    panelStep: number,
    out: number,
    columns: number,
    lines: number,
    lineStep: number,
    spans: number,
    spanStep: number,
    spanLength: number,
    accumulate: boolean,
  ): void
  winogradScratchSize(channels: number, filters: number): number
  winogradGradientScratchSize(channels: number, filters: number): number
  winogradFilter(panels: number, to: number, patch: number, panelCount: number, channels: number): void
  winogradConvolution(
    images: number,
    filter: number,
    bias: number,
    out: number,
    scratch: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    filters: number,
    relu: number,
  ): void
  winogradFilterGradient(
    images: number,
    dy: number,
    out: number,
    scratch: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    filters: number,
  ): void
  depthwise(
    images: number,
    filter: number,
    out: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    multiplier: number,
    filterHeight: number,
    filterWidth: number,
    strideY: number,
    strideX: number,
    dilationY: number,
    dilationX: number,
    outHeight: number,
    outWidth: number,
  ): void
  depthwiseFilterGradient(
    windows: number,
    count: number,
    dy: number,
    out: number,
    width: number,
    channels: number,
    multiplier: number,
    filterHeight: number,
    filterWidth: number,
    dilationY: number,
    dilationX: number,
  ): void
  depthwiseScatter(
    filter: number,
    dy: number,
    out: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    multiplier: number,
    filterHeight: number,
    filterWidth: number,
    strideY: number,
    strideX: number,
    dilationY: number,
    dilationX: number,
    outHeight: number,
    outWidth: number,
  ): void
  maxPoolGradient(
    input: number,
    dy: number,
    out: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    poolHeight: number,
    poolWidth: number,
    strideY: number,
    strideX: number,
    top: number,
    left: number,
  ): void
  averagePool(
    input: number,
    out: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    poolHeight: number,
    poolWidth: number,
    strideY: number,
    strideX: number,
    top: number,
    left: number,
  ): void
  averagePoolGradient(
    dy: number,
    out: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    poolHeight: number,
    poolWidth: number,
    strideY: number,
    strideX: number,
    top: number,
    left: number,
  ): void
  columnSums(matrix: number, out: number, rows: number, columns: number, factor: number): void
  segmentSums(matrix: number, ids: number, out: number, rows: number, columns: number, segments: number): void
  rowOperation(operation: number, matrix: number, right: number, out: number, rows: number, columns: number): void
  clampValues(x: number, out: number, size: number, least: number, most: number): void
  reluGradient(x: number, dy: number, out: number, size: number): void
  tileBlock(from: number, to: number, size: number, times: number): void
}

/** A WebAssembly memory. Its buffer is replaced by a larger one when the memory grows. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer
}

/** The part of the WebAssembly API that is used; its types belong to the DOM library, which Node programs do without. */
export interface WebAssemblyApi {
  instantiate(binary: Uint8Array, imports: object): Promise<{ readonly instance: { readonly exports: object } }>
}

/** Loads the kernels' WASM module onto a memory. */
export async function loadTrainingModule(memory: WasmMemory): Promise<TrainingModule> {
  const { WebAssembly: webAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi }
  const binary = await readFile(new URL('./trainingKernels.wasm', import.meta.url))
  const { instance } = await webAssembly.instantiate(binary, { env: { memory } })
  return instance.exports as TrainingModule
}
