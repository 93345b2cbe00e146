import * as tf from '@tensorflow/tfjs'
import { loadTrainingModule, type TrainingModule, type WasmMemory } from './trainingModule.ts'

/**
 * The parts of the WASM backend that the kernels use. The class is not exported and `wasm` is not documented, which is
 * why the project pins the exact version of TensorFlow.js.
 */
export interface WasmBackend {
  readonly wasm: {
    readonly asm: { readonly memory: WasmMemory }
    /** Allocates bytes; the address is a signed 32-bit number. 0 if there is no room. */
    _malloc(bytes: number): number
    _free(address: number): void
  }
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } }
  makeOutput(
    shape: readonly number[],
    dtype: tf.DataType,
    memoryOffset?: number,
    values?: tf.backend_util.BackendValues,
  ): tf.TensorInfo
  readSync(dataId: object): tf.backend_util.BackendValues
  disposeData(dataId: object): boolean
  /** Counts one more tensor that shares the data. */
  incRef(dataId: object): void
}

/** What a kernel is called with. Which inputs are there depends on the kernel. */
export interface KernelCall<Attributes> {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>
  readonly attrs: Attributes
}

/** A kernel that answers null where it does not handle the call; then the kernel it replaces does. */
export type PartialKernel<Attributes> = (call: KernelCall<Attributes>) => tf.TensorInfo | null

/** What scratch memory is used for; each purpose has a buffer of its own. */
export type ScratchPurpose = 'padded' | 'packed' | 'rows' | 'tiles' | 'transformedFilter'

/** What all kernels share: the backend, the WASM module on the backend's memory, and scratch memory. */
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

  /**
   * The address of scratch memory for `count` float32 or int32 elements. Its contents last until the next call for the
   * same purpose. A buffer is kept and reused, and replaced by a larger one when it is too small.
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
      throw new Error(`The WASM memory is full: no room for ${bytes} bytes. A smaller batch needs less.`)
    }
    this.scratchBuffers.set(purpose, { address, bytes })
    return address
  }

  /** Registers a kernel, in place of one of that name if there is one. */
  replace(kernelName: string, kernelFunc: tf.KernelFunc): void {
    if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm')
    tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc })
  }

  /** Registers a kernel for the calls that it handles, and leaves the others to the kernel that is there now. */
  improve<Attributes>(kernelName: string, kernel: PartialKernel<Attributes>): void {
    const present = tf.getKernel(kernelName, 'wasm')
    this.replace(kernelName, (call) => {
      return kernel(call as unknown as KernelCall<Attributes>) ?? present.kernelFunc(call)
    })
  }
}

/** Sets up the kernels' context on the present backend, which must be `wasm`. */
export async function createKernelContext(): Promise<KernelContext> {
  const backend = tf.backend() as unknown as WasmBackend
  return new KernelContext(backend, await loadTrainingModule(backend.wasm.asm.memory))
}

/** Whether all of these are float32 tensors with at least one element. */
export function areFloats(...tensors: readonly (tf.TensorInfo | undefined)[]): boolean {
  return tensors.every((tensor) => tensor?.dtype === 'float32' && tf.util.sizeFromShape(tensor.shape) > 0)
}
