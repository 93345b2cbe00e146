/** Sweeps with one mistake each. */
import type { BrokenSpec } from './brokenSpec.ts'

const layers = `
  - conv2d: { filters: $width, kernelSize: $kernel, activation: relu }
  - flatten
  - dense: { units: 10, activation: softmax }`

/** A row whose spec has variables, validation samples and a sweep. */
const row = (title: string, sweep: string, fixed?: string): BrokenSpec => ({
  title,
  layers,
  training: '{ epochs: 4, batchSize: 32, seed: 1, validationSplit: 0.1 }',
  also: `vars: { width: 4, kernel: 3 }\n${sweep.trim().replaceAll(/\n {4}/g, '\n')}`,
  ...(fixed !== undefined && { fixed }),
})

export const sweepRows: readonly BrokenSpec[] = [
  row(
    'a sweep that is a list',
    `
    sweep: [vars.width] # ✗ schema/wrong-type`,
  ),
  row(
    'a misspelt section of a sweep',
    `
    sweep:
      gird: { vars.width: [4, 8] } # ✗ schema/unknown-key`,
    'grid: { vars.width: [4, 8] }',
  ),
  row(
    'a sweep that varies nothing',
    `
    sweep: { objective: { maximize: val_accuracy } } # ✗ sweep/nothing-varies`,
  ),
  row(
    'a path without values',
    `
    sweep:
      grid:
        vars.width: [] # ✗ sweep/nothing-varies`,
  ),
  row(
    'no cases',
    `
    sweep:
      cases: [] # ✗ sweep/nothing-varies`,
  ),
  row(
    'a single value instead of a list',
    `
    sweep:
      grid:
        vars.width: 8 # ✗ schema/wrong-type`,
  ),
  row(
    'a case that is not a map',
    `
    sweep:
      cases:
        - { vars.width: 4 }
        - 8 # ✗ schema/wrong-type`,
  ),
  row(
    'a misspelt variable of a sweep',
    `
    sweep:
      grid:
        vars.widht: [4, 8] # ✗ sweep/unknown-path`,
    'vars.width: [4, 8]',
  ),
  row(
    'a variable that is not defined',
    `
    sweep:
      grid:
        vars.momentum: [0, 0.9] # ✗ sweep/unknown-path`,
  ),
  row(
    'a misspelt option of a sweep',
    `
    sweep:
      grid:
        training.batchsize: [32, 64] # ✗ sweep/unknown-path`,
    'training.batchSize: [32, 64]',
  ),
  row(
    'a misspelt section of a path',
    `
    sweep:
      grid:
        optimiser: [sgd, adam] # ✗ sweep/unknown-path`,
    'optimizer: [sgd, adam]',
  ),
  row(
    'a path into a number',
    `
    sweep:
      grid:
        training.epochs.first: [1, 2] # ✗ sweep/unknown-path`,
  ),
  row(
    'a path into a list',
    `
    sweep:
      grid:
        metrics.accuracy: [true] # ✗ sweep/unknown-path`,
  ),
  row(
    'a name that varies',
    `
    sweep:
      grid:
        name: [one, two] # ✗ sweep/unknown-path`,
  ),
  row(
    'an option of another optimizer',
    `
    sweep:
      grid:
        optimizer.adam.learningRate: [0.1, 0.01] # ✗ sweep/other-choice`,
  ),
  row(
    'a path in two sections',
    `
    sweep:
      zip: { vars.width: [4, 8] }
      grid:
        vars.width: [4, 8] # ✗ sweep/repeated-path`,
  ),
  row(
    'a path inside another',
    `
    sweep:
      grid:
        optimizer: [adam, sgd]
        optimizer.sgd.learningRate: [0.1, 0.01] # ✗ sweep/repeated-path`,
  ),
  row(
    'lists of different lengths',
    `
    sweep:
      zip:
        vars.width: [4, 8]
        vars.kernel: [3, 5, 7] # ✗ sweep/unequal-lengths`,
  ),
  row(
    'a sample without a count',
    `
    sweep:
      sample: # ✗ schema/missing-key
        space: { vars.width: { int: [4, 8] } }`,
  ),
  row(
    'a count of 0',
    `
    sweep:
      sample:
        count: 0 # ✗ schema/out-of-range
        space: { vars.width: { int: [4, 8] } }`,
  ),
  row(
    'a count that is no number',
    `
    sweep:
      sample:
        count: many # ✗ schema/wrong-type
        space: { vars.width: { int: [4, 8] } }`,
  ),
  row(
    'a count of a billion',
    `
    sweep: # ✗ sweep/too-many-trials
      sample:
        count: 1000000000
        space: { vars.width: { int: [4, 8] } }`,
  ),
  row(
    'a misspelt method',
    `
    sweep:
      sample:
        count: 2
        method: sobel # ✗ schema/unknown-value
        space: { vars.width: { int: [4, 8] } }`,
    'method: sobol',
  ),
  row(
    'a misspelt space',
    `
    sweep:
      sample:
        count: 2
        space:
          vars.width: { integer: [4, 8] } # ✗ sweep/bad-space`,
  ),
  row(
    'a space in another spelling',
    `
    sweep:
      sample:
        count: 2
        space:
          optimizer.sgd.learningRate: { log_uniform: [0.01, 0.1] } # ✗ sweep/bad-space`,
    'logUniform: [0.01, 0.1]',
  ),
  row(
    'a list instead of a space',
    `
    sweep:
      sample:
        count: 2
        space:
          vars.width: [4, 8] # ✗ sweep/bad-space`,
  ),
  row(
    'bounds in the wrong order',
    `
    sweep:
      sample:
        count: 2
        space:
          vars.width: { int: [8, 4] } # ✗ sweep/bad-space`,
  ),
  row(
    'a logarithm of 0',
    `
    sweep:
      sample:
        count: 2
        space:
          optimizer.sgd.learningRate: { logUniform: [0, 0.1] } # ✗ sweep/bad-space`,
  ),
  row(
    'a fraction as the bound of whole numbers',
    `
    sweep:
      sample:
        count: 2
        space:
          vars.width: { int: [1.5, 8] } # ✗ sweep/bad-space`,
  ),
  row(
    'a condition that is no expression',
    `
    sweep:
      grid: { vars.width: [4, 8] }
      where: params < 100000 # ✗ sweep/bad-condition`,
    'where: "$(params < 100000)"',
  ),
  row(
    'a misspelt fact',
    `
    sweep:
      grid: { vars.width: [4, 8] }
      where: $(parms < 100000) # ✗ sweep/bad-condition`,
    'where: $(params < 100000)',
  ),
  row(
    'a condition with a mistake',
    `
    sweep:
      grid: { vars.width: [4, 8] }
      where: $(params < ) # ✗ sweep/bad-condition`,
  ),
  row(
    'a condition of a sweep that is a number',
    `
    sweep:
      grid: { vars.width: [4, 8] }
      where: $(params + flops) # ✗ sweep/bad-condition`,
  ),
  row(
    'an objective without a direction',
    `
    sweep:
      grid: { vars.width: [4, 8] }
      objective: val_accuracy # ✗ sweep/bad-objective`,
  ),
  row(
    'a misspelt direction',
    `
    sweep:
      grid: { vars.width: [4, 8] }
      objective: { maximise: val_accuracy } # ✗ sweep/bad-objective`,
    'maximize: val_accuracy',
  ),
  row(
    'a misspelt metric of an objective',
    `
    sweep:
      grid: { vars.width: [4, 8] }
      objective: { maximize: val_acuracy } # ✗ sweep/unknown-metric`,
    'maximize: val_accuracy',
  ),
  row(
    'an accuracy that is minimized',
    `
    sweep:
      grid: { vars.width: [4, 8] }
      objective: { minimize: val_accuracy } # ✗ sweep/wrong-direction`,
    'maximize: val_accuracy',
  ),
  row(
    'a misspelt kind of stopping',
    `
    sweep:
      grid: { vars.width: [4, 8] }
      stopping: { succesiveHalving: {} } # ✗ sweep/bad-stopping`,
    'successiveHalving: {}',
  ),
  row(
    'a reduction of 1',
    `
    sweep:
      grid: { vars.width: [4, 8] }
      stopping:
        asha: { reduction: 1 } # ✗ schema/out-of-range`,
  ),
  row(
    'a first rung that is the whole training',
    `
    sweep:
      grid: { vars.width: [4, 8] }
      stopping:
        successiveHalving: { minEpochs: 4 } # ✗ sweep/bad-stopping`,
  ),
  row(
    'a value of the wrong type',
    `
    sweep:
      grid:
        training.batchSize: [32, many] # ✗ schema/wrong-type`,
  ),
  row(
    'a value out of its range',
    `
    sweep:
      grid:
        training.epochs: [0, 5] # ✗ schema/out-of-range`,
  ),
  row(
    'a misspelt part among the values',
    `
    sweep:
      grid:
        optimizer: [adan, sgd] # ✗ schema/unknown-value`,
  ),
  row(
    'a reference to no variable among the values',
    `
    sweep:
      grid:
        training.batchSize: [32, $size] # ✗ compose/unknown-name`,
  ),
  row(
    'a condition that excludes all trials',
    `
    sweep: # ✗ sweep/no-trial-left
      grid: { vars.width: [4, 8] }
      where: $(params < 10)`,
  ),
]
