/**
 * The memory that the main thread shares with one replica: the replica reads a step's samples and weights, and writes
 * gradients and sums. With shared memory, a step needs no messages. Each field is a view of a SharedArrayBuffer.
 */
export interface ReplicaMemory {
  /** The counters of requested and finished steps, and the parameters of the current one; see `controlSlots`. */
  readonly control: Int32Array
  /** float32 [samples, ...sampleShape], scaled for the network. */
  readonly inputs: Float32Array
  /** Class indices, values, or a row of class fractions per sample. */
  readonly labels: Int32Array | Float32Array
  /** The concatenated trainable weights. All replicas share this memory. */
  readonly weights: Float32Array
  /** The gradients of the mean loss over this replica's samples, in the order of the weights. */
  readonly gradients: Float32Array
  /** The loss times the number of samples, then the counts of each metric. */
  readonly sums: Float64Array
}

/** The indices in `control`. */
export const controlSlots = {
  /** The number of steps that the main thread has requested. */
  asked: 0,
  /** The number of steps that the replica has finished. */
  answered: 1,
  /** The number of samples in the replica's share of the step. */
  samples: 2,
  /** The number of the step, counted over all epochs: part of the seed of dropout. */
  step: 3,
} as const

/** The sizes of a replica's memory, in elements. */
export interface ReplicaSizes {
  /** The largest number of samples in its share of a batch. */
  readonly samples: number
  /** The elements of one sample. */
  readonly sampleSize: number
  /** The elements of one label. */
  readonly labelSize: number
  readonly hasFloatLabels: boolean
  readonly weights: number
  readonly sums: number
}

/** Allocates the memory of a replica; all replicas share `weights`. */
export function allocateReplicaMemory(sizes: ReplicaSizes, weights: Float32Array): ReplicaMemory {
  const labels = sizes.samples * sizes.labelSize
  return {
    control: new Int32Array(new SharedArrayBuffer(4 * Object.keys(controlSlots).length)),
    inputs: sharedFloats(sizes.samples * sizes.sampleSize),
    labels: sizes.hasFloatLabels ? sharedFloats(labels) : new Int32Array(new SharedArrayBuffer(4 * labels)),
    weights,
    gradients: sharedFloats(sizes.weights),
    sums: new Float64Array(new SharedArrayBuffer(8 * sizes.sums)),
  }
}

/** Allocates float32 memory that threads can share. */
export function sharedFloats(count: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * count))
}

/**
 * The index in a batch at which a thread's share begins. If the batch does not divide evenly, the first threads take one
 * sample more, so thread 0 always has samples. A share ends where the share of the next thread number begins.
 */
export function shareStart(thread: number, threads: number, samples: number): number {
  return Math.ceil((samples * thread) / threads)
}
