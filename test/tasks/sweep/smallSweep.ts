/** A sweep of six trials, three of them infeasible, that trains in seconds; tests run it on clusters. Epochs are many and short: most of a trial is left after its first checkpoint. */
export const smallSweep = `name: digits
dataset: { synthetic: { shape: [28, 28, 1], classes: 10, train: 5000, test: 100, noise: 0.3, seed: 1 } }
vars: { kernel: 3 }
layers:
  - conv2d: { filters: 16, kernelSize: $kernel, activation: relu }
  - maxPooling2d: { poolSize: 4 }
  - flatten
  - dense: { units: 10, activation: softmax }
optimizer: { sgd: { learningRate: 0.1 } }
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 12, batchSize: 32, seed: 42, validationSplit: 0.1 }
sweep:
  grid:
    vars.kernel: [3, 30]
    optimizer.sgd.learningRate: [0.1, 0.03, 0.01]
  stopping: { successiveHalving: { minEpochs: 6, reduction: 3 } }
`
