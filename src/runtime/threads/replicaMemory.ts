/**
 * What the main thread and one replica share: a step's samples and weights go to the replica, gradients and sums come
 * back. Plain memory, so that a step costs no message. Each field is a view of a SharedArrayBuffer.
 */
export interface ReplicaMemory {
  /** Counted up to ask for a step and to answer it, with what the step is about; see `controlSlots`. */
  readonly control: Int32Array
  /** float32 [samples, ...sampleShape], scaled as the network takes them. */
  readonly inputs: Float32Array
  /** Class indices, values, or rows with the part of each class. */
  readonly labels: Int32Array | Float32Array
  /** The trainable weights, one variable after the other. The same memory for all replicas. */
  readonly weights: Float32Array
  /** The gradients of the mean loss over this replica's samples, in the order of the weights. */
  readonly gradients: Float32Array
  /** The loss times the samples, then the counts of each metric in turn. */
  readonly sums: Float64Array
}

/** The places in `control`. */
export const controlSlots = {
  /** Steps that the main thread has asked for. */
  asked: 0,
  /** Steps that the replica has done. */
  answered: 1,
  /** How many samples the step has. */
  samples: 2,
  /** The number of the step over all epochs, from which dropout draws. */
  step: 3,
} as const

/** The sizes of a replica's memory, in elements. */
export interface ReplicaSizes {
  /** Samples of its largest share. */
  readonly samples: number
  /** Of one sample. */
  readonly sampleSize: number
  /** Of one label. */
  readonly labelSize: number
  readonly hasFloatLabels: boolean
  readonly weights: number
  readonly sums: number
}

/** New memory for a replica, with weights that others share. */
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

/** Numbers that several threads can see. */
export function sharedFloats(count: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * count))
}

/**
 * Where the share of a thread begins in a batch: the first threads take one sample more where it does not divide
 * evenly, so that thread 0 is never without. The share of the last one ends where that of thread `threads` would begin.
 */
export function shareStart(thread: number, threads: number, samples: number): number {
  return Math.ceil((samples * thread) / threads)
}
