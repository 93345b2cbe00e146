/** The backend, the WASM module and the scratch memory that all training kernels share. */
import * as tf from '@tensorflow/tfjs'
import { loadTrainingModule, type TrainingModule, type WasmMemory } from './trainingModule.ts'

/**
 * The members of the WASM backend that the kernels use. The class is not exported and `wasm` is not documented, so the
 * project pins the exact version of TensorFlow.js.
 */
export interface WasmBackend {
  readonly wasm: {
    readonly asm: { readonly memory: WasmMemory }
    /** Allocates bytes and returns their address as a signed 32-bit number, or 0 if the memory is full. */
    _malloc(bytes: number): number
    _free(address: number): void
  }
  readonly dataIdMap: { get(dataId: object): TensorMemory }
  makeOutput(
    shape: readonly number[],
    dtype: tf.DataType,
    memoryOffset?: number,
    values?: tf.backend_util.BackendValues,
  ): tf.TensorInfo
  readSync(dataId: object): tf.backend_util.BackendValues
  disposeData(dataId: object): boolean
  /** Increments the number of tensors that share the data. */
  incRef(dataId: object): void
}

/** Where the data of tensors is. */
interface TensorMemory {
  /** The address of the first byte; 0 for no memory. */
  memoryOffset: number
  /** The number of tensors that share the data. */
  readonly refCount: number
}

/** The arguments of a kernel. Which inputs are present depends on the kernel. */
export interface KernelCall<Attributes> {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>
  readonly attrs: Attributes
}

/** A kernel that returns null for a call that it does not handle; the kernel that it replaced then handles the call. */
export type PartialKernel<Attributes> = (call: KernelCall<Attributes>) => tf.TensorInfo | null

/** The uses of scratch memory; each has its own buffer. */
export type ScratchPurpose =
  | 'padded'
  | 'packed'
  | 'rows'
  | 'tiles'
  | 'transformedFilter'
  | 'deviations'
  | 'phase'
  | 'recurrent'
  | 'cells'
  | 'gradients'
  | 'update'

/** Everything that the kernels share: the backend, the WASM module on the backend's memory, and scratch memory. */
export class KernelContext {
  readonly backend: WasmBackend
  readonly module: TrainingModule
  private readonly scratchBuffers = new Map<ScratchPurpose, { address: number; bytes: number }>()

  constructor(backend: WasmBackend, module: TrainingModule) {
    this.backend = backend
    this.module = module
  }

  /** The address of a tensor's first byte. It stays the same when the memory grows. */
  address(tensor: tf.TensorInfo): number {
    return this.backend.dataIdMap.get(tensor.dataId).memoryOffset >>> 0
  }

  /** A new float32 tensor with undefined contents. */
  output(shape: readonly number[]): tf.TensorInfo {
    return this.backend.makeOutput([...shape], 'float32')
  }

  /** Sets all elements to 0. */
  fillZeros(tensor: tf.TensorInfo): void {
    const { buffer } = this.backend.wasm.asm.memory
    new Float32Array(buffer, this.address(tensor), tf.util.sizeFromShape(tensor.shape)).fill(0)
  }

  /**
   * Returns a float32 tensor with the contents of another, for a kernel that changes them in place. It takes over the memory
   * of a tensor that nobody shares: the contents of that tensor must not be read again.
   */
  takeOver({ dataId, shape }: tf.TensorInfo): tf.TensorInfo {
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
  scratch(purpose: ScratchPurpose, count: number): number {
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
  replace(kernelName: string, kernelFunc: tf.KernelFunc): void {
    if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm')
    tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc })
  }

  /** Registers a kernel for the calls that it handles; the kernel registered before handles the others. */
  improve<Attributes>(kernelName: string, kernel: PartialKernel<Attributes>): void {
    const present = tf.getKernel(kernelName, 'wasm')
    this.replace(kernelName, (call) => {
      return kernel(call as unknown as KernelCall<Attributes>) ?? present.kernelFunc(call)
    })
  }
}

let created: KernelContext | undefined

/** Creates the context of the kernels on the current backend, which must be `wasm`. */
export async function createKernelContext(): Promise<KernelContext> {
  const backend = tf.backend() as unknown as WasmBackend
  created = new KernelContext(backend, await loadTrainingModule(backend.wasm.asm.memory))
  return created
}

/** The context of the registered kernels; undefined until they are registered. */
export function registeredContext(): KernelContext | undefined {
  return created
}

/** Whether all of these are float32 tensors with at least one element. */
export function areFloats(...tensors: readonly (tf.TensorInfo | undefined)[]): boolean {
  return tensors.every((tensor) => tensor?.dtype === 'float32' && tf.util.sizeFromShape(tensor.shape) > 0)
}
