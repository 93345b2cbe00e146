/** Composed specs, and what of their structure compiled scripts show. */

export interface StructureSpec {
  readonly spec: string
  /** Lines that the script has, without their indentation. */
  readonly has?: readonly string[]
  /** The functions that the script has. */
  readonly functions?: readonly string[]
  /** The number of loops. */
  readonly loops?: number
}

const training = `dataset: mnist
optimizer: sgd
loss: categoricalCrossentropy
training: { epochs: 1, batchSize: 8, seed: 7 }`

export const structureSpecs: Readonly<Record<string, StructureSpec>> = {
  'a block of a chain is a function that returns layers': {
    spec: `name: chain
${training}
blocks:
  stage:
    params: { filters, kernel: 3 }
    layers:
      - conv2d: { filters: $filters, kernelSize: $kernel, padding: same, activation: relu }
      - maxPooling2d: { poolSize: 2 }
layers:
  - stage: { filters: 2 }
  - stage: { filters: 4, kernel: 5 }
  - flatten
  - dense: { units: 10, activation: softmax }`,
    functions: ['stage'],
    has: [
      "...stage('stage', { filters: 2 }), // 14x14x2",
      "...stage('stage_1', { filters: 4, kernel: 5 }), // 7x7x4",
      'function stage(name: string, { filters, kernel = 3 }: { filters: number; kernel?: number }): tf.layers.Layer[] {',
    ],
  },
  'a parameter that is the same in all uses is inlined': {
    spec: `name: inlined
input: { shape: [4] }
blocks:
  part: { params: { units: 3, rate: 0.5 }, layers: [{ dense: { units: $units } }, { dropout: { rate: $rate } }] }
layers: [part, { part: { units: 5 } }, part]`,
    functions: ['part'],
    has: [
      "...part('part'), // 3",
      "...part('part_1', { units: 5 }), // 5",
      'tf.layers.dropout({ name, rate: 0.5, seed: ++seed }),',
    ],
  },
  'a call with an override is written one by one, and the other calls stay those of a function': {
    spec: `name: overridden
input: { shape: [4] }
blocks:
  part: { layers: [{ dense: { name: first, units: 4 } }, reLU] }
  outer: { layers: [{ part: { name: inner } }, { dense: { units: 3 } }] }
layers: [part, { outer: { name: odd } }, { outer: { name: even } }, { outer: { name: last } }, { repeat: { times: 2, name: deep, layers: [part] } }]
override: { odd/inner/first: { units: 5 } }`,
    functions: ['part', 'outer'],
    loops: 1,
    has: ["tf.layers.dense({ name: 'odd/inner/first', units: 5,", "...outer('even'), // 3", "...outer('last'), // 3"],
  },
  'a function whose uses do not differ takes only a name': {
    spec: `name: equal
input: { shape: [4] }
blocks: { part: { layers: [{ dense: { units: 4 } }, reLU] } }
layers: [part, part]`,
    functions: ['part'],
    has: ["...part('part'), // 4", 'function part(name: string): tf.layers.Layer[] {'],
  },
  'a block that is used once has no function': {
    spec: `name: once
input: { shape: [4] }
blocks: { part: { layers: [{ dense: { units: 4 } }, reLU] } }
layers: [part, { dense: { units: 2 } }]`,
    functions: [],
    loops: 0,
  },
  'a repeat is a loop, whose last layer has the name of the repeat': {
    spec: `name: loop
input: { shape: [4] }
layers:
  - repeat: { times: 3, as: step, layers: [{ dense: { units: $(4 + step) } }, reLU] }
  - dense: { units: 2 }`,
    loops: 1,
    has: [
      'for (let step = 0; step < 3; step++) {',
      "tf.layers.reLU({ name: step < 2 ? `repeat/${step}/reLU` : 'repeat' }),",
    ],
  },
  'repeats in repeats, over numbers and texts': {
    spec: `name: nested
input: { shape: [4] }
layers:
  - repeat:
      over: [3, 5]
      as: units
      layers:
        - repeat: { over: [relu, tanh], as: kind, layers: [{ dense: { units: $units, activation: $kind } }] }
  - dense: { units: 2 }`,
    loops: 2,
    has: [
      'for (const [i, units] of [3, 5].entries()) {',
      "for (const [j, kind] of (['relu', 'tanh'] as const).entries()) {",
    ],
  },
  'conditions, with the shortcut of a residual block': {
    spec: `name: residual
input: { shape: [8, 8, 3] }
blocks:
  residual:
    params: { filters, strides: 1 }
    layers:
      - conv2d: { filters: $filters, kernelSize: 3, strides: $strides, padding: same }
      - reLU
      - conv2d: { name: branch, filters: $filters, kernelSize: 3, padding: same }
      - conv2d: { name: shortcut, inputs: input, filters: $filters, kernelSize: 1, strides: $strides, if: $(strides > 1) }
      - add: { inputs: [$("shortcut" if strides > 1 else "input"), branch] }
layers:
  - residual: { filters: 3 }
  - residual: { filters: 4, strides: 2 }
  - residual: { filters: 4 }
  - globalAveragePooling2d
  - dense: { units: 2 }`,
    functions: ['residual'],
    has: ['strides > 1'],
  },
  'a condition in a chain': {
    spec: `name: conditions
input: { shape: [4] }
blocks:
  part:
    params: { units, rate: 0 }
    layers:
      - dense: { units: $units }
      - dropout: { rate: $rate, if: $(rate > 0) }
      - reLU
layers: [{ part: { units: 3, rate: 0.5 } }, { part: { units: 5 } }, { part: { units: 4, rate: 0.25 } }]`,
    functions: ['part'],
    has: ['...(rate > 0 ? [tf.layers.dropout({ name: `${name}/dropout`, rate, seed: ++seed })] : []),'],
  },
  'a count as a parameter': {
    spec: `name: counts
input: { shape: [4] }
blocks:
  tower: { params: { units, depth }, layers: [{ repeat: { times: $depth, layers: [{ dense: { units: $units } }, reLU] } }] }
layers: [{ tower: { units: 3, depth: 2 } }, { tower: { units: 5, depth: 4 } }, { dense: { units: 2 } }]`,
    functions: ['tower'],
    loops: 1,
    has: ['for (let i = 0; i < depth; i++) {'],
  },
  'expressions of parameters and counters': {
    spec: `name: expressions
input: { shape: [6] }
vars: { width: 8 }
blocks:
  part:
    params: { units, wide: false }
    layers:
      - dense: { units: $(units * width // 3) }
      - dense: { units: "$(max(units, 4) if wide else units ** 2 - 1)" }
      - dense: { units: $(2 * (units + 1)), useBias: $wide }
layers:
  - part: { units: 3 }
  - part: { units: 5, wide: true }
  - repeat: { times: 3, as: i, layers: [{ part: { units: $(2 ** i + 2), wide: $(i % 2 == 1) } }] }`,
    functions: ['part'],
    loops: 1,
    has: [
      'tf.layers.dense({ name: `${scope}/dense`, units: Math.floor((units * 8) / 3), kernelInitializer: glorot() }),',
    ],
  },
  'several inputs, and layers read again later': {
    spec: `name: inputs
layers:
  - input: { name: left, shape: [4] }
  - input: { name: right, shape: [4] }
  - join: { inputs: [left, right], units: 3 }
  - dense: { name: wide, inputs: right, units: 5 }
  - join: { inputs: [join, wide], units: 6 }
  - join: { inputs: [join_1, join], units: 2 }
  - concatenate: { inputs: [join_2, wide] }
blocks:
  join:
    inputs: [a, b]
    params: { units }
    layers:
      - dense: { name: one, inputs: a, units: $units }
      - dense: { name: two, inputs: b, units: $units }
      - add: { inputs: [one, two] }`,
    functions: ['join'],
    has: ['function join('],
  },
  'layers in a call that are read from outside stay flat': {
    spec: `name: escapes
input: { shape: [4] }
blocks:
  part: { params: { units }, layers: [{ dense: { name: inner, units: $units } }, reLU] }
  other: { params: { units }, layers: [{ dense: { units: $units } }, reLU] }
layers:
  - part: { units: 3 }
  - part: { units: 5 }
  - other: { units: 3 }
  - other: { units: 3 }
  - add: { inputs: [other_1, part/inner] }`,
    functions: ['other'],
  },
  'shared calls stay flat': {
    spec: `name: shared
layers:
  - input: { name: left, shape: [4] }
  - input: { name: right, shape: [4] }
  - tower: { inputs: left }
  - apply: { layer: tower, inputs: right }
  - tower: { name: another, inputs: tower }
  - concatenate: { inputs: [another, apply] }
blocks: { tower: { layers: [{ dense: { units: 4 } }, reLU] } }`,
    functions: [],
  },
  'uses that differ in structure stay flat': {
    spec: `name: structures
input: { shape: [4] }
blocks:
  part: { params: { kernel: glorotNormal, units: 3 }, layers: [{ dense: { units: $units, kernelInitializer: $kernel } }, reLU] }
layers: [part, { part: { kernel: heNormal } }, { repeat: { over: [heNormal, glorotNormal], as: kernel, layers: [{ part: { kernel: $kernel } }] } }]`,
    functions: [],
    loops: 0,
  },
  'names that clash with TypeScript, linked functions and each other': {
    spec: `name: clashes
${training}
blocks:
  seededDropout: { params: { class, seed: 1, x: 2 }, layers: [{ dense: { units: $class } }, { dense: { units: $(seed + x) } }, { dropout: { rate: 0.5 } }] }
  delete: { params: { tf, scope: 3, layers: 4 }, layers: [{ dense: { units: $tf } }, { dense: { units: $(scope * layers) } }] }
  buildModel: { params: { glorot }, layers: [{ dense: { units: $glorot } }, reLU] }
layers:
  - flatten
  - seededDropout: { class: 3 }
  - seededDropout: { class: 4, seed: 5, x: 3 }
  - delete: { tf: 3 }
  - delete: { tf: 4, scope: 1, layers: 2 }
  - buildModel: { glorot: 3 }
  - buildModel: { glorot: 4 }
  - repeat: { over: [3, 4], as: Math, layers: [{ dense: { units: $(Math // 1) } }] }
  - dense: { units: 10, activation: softmax }`,
    functions: ['seededDropout_1', 'delete_1', 'buildModel_1'],
  },
  'dropout and logits in blocks': {
    spec: `name: drawing
${training}
blocks:
  part: { params: { units, rate: 0.25 }, layers: [{ dense: { units: $units } }, { dropout: { rate: $rate } }] }
  head: { layers: [{ dense: { units: 12 } }, { dense: { units: 10, activation: softmax } }] }
layers:
  - flatten
  - part: { units: 3 }
  - repeat: { times: 2, layers: [{ part: { units: 5, rate: 0.5 } }] }
  - head`,
    functions: ['part'],
    loops: 1,
    has: ['const nextDropout = (options: Parameters<typeof seededDropout>[0]) => {'],
  },
  'blocks in blocks, frozen calls, values of several kinds': {
    spec: `name: kinds
input: { shape: [8, 8, 3] }
blocks:
  conv:
    params: { filters, kernel: 3, padding: same, activation: linear }
    layers: [{ conv2d: { filters: $filters, kernelSize: $kernel, padding: $padding, activation: $activation } }]
  pair: { params: { filters }, layers: [{ conv: { filters: $filters } }, { conv: { filters: $(filters + 1), kernel: [1, 3] } }] }
layers:
  - pair: { filters: 2 }
  - pair: { filters: 3 }
  - conv: { filters: 4, padding: valid, activation: relu }
  - globalAveragePooling2d
  - dense: { units: 3 }`,
    functions: ['conv', 'pair'],
  },
  'a layer is named after the block unless another one follows': {
    spec: `name: endings
input: { shape: [6] }
blocks:
  level:
    params: { units, rate: 0 }
    layers:
      - repeat: { times: 2, layers: [{ dense: { units: $units } }] }
      - dropout: { rate: $rate, if: $(rate > 0) }
layers:
  - level: { name: first, units: 3 }
  - level: { units: 5, rate: 0.5 }
  - level: { units: 4, rate: 0.25 }
  - concatenate: { inputs: [first, level_1] }`,
    functions: ['level'],
    loops: 1,
  },
  'names with a scope in a loop are constants of the loop': {
    spec: `name: scopes
input: { shape: [6] }
blocks: { part: { params: { units }, layers: [{ dense: { units: $units } }, reLU] } }
layers:
  - repeat: { times: 3, as: i, layers: [{ part: { units: $(2 + i) } }] }
  - repeat: { over: [3, 4], as: units, layers: [{ repeat: { times: 2, layers: [{ part: { units: $units } }, { part: { units: 2 } }] } }] }`,
    functions: ['part'],
    loops: 3,
    has: [
      'const path = `repeat/${i}/part`',
      "layers.push(...part(i < 2 ? path : 'repeat', { scope: path, units: 2 + i }))",
    ],
  },
  'conditions of which one or the other holds': {
    spec: `name: either
input: { shape: [6] }
blocks:
  part:
    params: { units, wide: false }
    layers:
      - dense: { units: $units, if: $(not wide) }
      - dense: { units: $units, useBias: false, if: $(not wide) }
      - reLU: { if: $wide }
layers: [{ part: { units: 3 } }, { part: { units: 4 } }, { part: { units: 4, wide: true } }, { dense: { name: end, units: 4 } }, { add: { inputs: [part_1, end] } }]`,
  },
  'skips inside a loop': {
    spec: `name: skips
input: { shape: [6] }
layers:
  - dense: { name: stem, units: 6 }
  - repeat:
      times: 3
      layers:
        - dense: { units: 6, activation: relu }
        - dense: { units: 6 }
        - add: { inputs: [input, dense_1] }
        - add: { inputs: [add, stem] }
  - dense: { units: 2 }`,
    loops: 1,
  },
}
