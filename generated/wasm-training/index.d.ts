// Compiled from the training kernels by Shapewright 0.1.0 (sha256 c6117982ea70).

/**
 * Lets TensorFlow.js train on its WASM backend: starts the backend, in one thread, unless it is in use, and adds the
 * kernels and gradients that it lacks. A second call changes nothing.
 *
 * @throws Error if the backend does not start.
 */
export declare function registerTrainingKernels(): Promise<void>

/** Starts @tensorflow/tfjs-node where it is installed, with the gradients that it lacks; else the WASM backend with `registerTrainingKernels`. */
export declare function startEngine(): Promise<void>
