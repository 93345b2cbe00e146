/** The networks and the contestants of the training benchmark. */
import { fileURLToPath } from 'node:url'

/** A network that every contestant trains. */
export interface Net {
  readonly name: string
  readonly spec: string
  readonly batchSize: number
}

export const nets: readonly Net[] = [
  { name: 'mnist-cnn', spec: 'configs/mnist-cnn.yaml', batchSize: 32 },
  { name: 'resnet', spec: 'bench/nets/resnet.yaml', batchSize: 32 },
  { name: 'mobilenet', spec: 'bench/nets/mobilenet.yaml', batchSize: 32 },
  { name: 'mlp', spec: 'bench/nets/mlp.yaml', batchSize: 32 },
  { name: 'lstm', spec: 'bench/nets/lstm.yaml', batchSize: 32 },
  { name: 'cifar10-cnn', spec: 'configs/cifar10-cnn.yaml', batchSize: 32 },
  { name: 'mnist-cnn-128', spec: 'configs/mnist-cnn.yaml', batchSize: 128 },
]

/** A framework or an engine, with one or more settings; the fastest one of the first round competes. */
export interface Contestant {
  readonly name: string
  /** The commands that print a measurement as their last line, by setting. */
  readonly settings: Readonly<Record<string, (net: Net) => readonly string[]>>
  /** The only net to train; all by default. */
  readonly only?: string
}

/** The contestants that others are compared with. */
export const rivals = ['Keras', 'PyTorch'] as const

export interface Places {
  /** The Python that has Keras and PyTorch. */
  readonly python: string
  /** A checkout of an earlier commit, to compare with. */
  readonly before: string | undefined
}

/** Returns all contestants in the order of a round. */
export function contestantsOf({ python, before }: Places): readonly Contestant[] {
  return [
    ...ours('', '.'),
    ...(before === undefined ? [] : ours(', before', before)),
    // Where the packages and a graphics card are there.
    { name: 'webgpu', settings: { '': runs('.', 'trainOurs.ts', 'webgpu', '1') } },
    { name: 'tfjs-node, model.fit', settings: { '': runs('.', 'trainFit.ts', 'node') } },
    // Its convolutions take seconds for two images, even in this net.
    {
      name: 'stock tfjs, cpu',
      only: 'mnist-cnn',
      settings: { '': (net) => runs('.', 'trainFit.ts', 'cpu')({ ...net, batchSize: 2 }) },
    },
    { name: 'Keras', settings: kerasSettings(python) },
    {
      name: 'PyTorch',
      settings: {
        eager: (net) => [python, script('trainTorch.py'), ...networkOf(net), 'off'],
        'torch.compile': (net) => [python, script('trainTorch.py'), ...networkOf(net), 'on'],
      },
    },
  ]
}

function ours(suffix: string, folder: string): readonly Contestant[] {
  return [
    { name: `wasm, 1 thread${suffix}`, settings: { '': runs(folder, 'trainOurs.ts', 'wasm', '1') } },
    { name: `wasm, 2 threads${suffix}`, settings: { '': runs(folder, 'trainOurs.ts', 'wasm', '2') } },
    { name: `native${suffix}`, settings: { '': runs(folder, 'trainOurs.ts', 'node', '1') } },
  ]
}

/** Keras compiles a step by XLA or not, and runs one or several steps in a call. */
function kerasSettings(python: string): Contestant['settings'] {
  const settings = ['off', 'on'].flatMap((jit) => ['1', '20'].map((steps) => [jit, steps] as const))
  return Object.fromEntries(
    settings.map(([jit, steps]) => [
      `jit ${jit}, ${steps === '1' ? '1 step' : `${steps} steps`} a call`,
      (net: Net) => [python, script('trainKeras.py'), ...networkOf(net), jit, steps],
    ]),
  )
}

const script = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url))

/** Returns the command of a TypeScript contestant in a checkout. */
function runs(folder: string, name: string, ...args: readonly string[]): (net: Net) => readonly string[] {
  return ({ spec, batchSize }) => [
    process.execPath,
    '--import',
    'tsx',
    `${folder}/bench/${name}`,
    ...args,
    spec,
    `${batchSize}`,
  ]
}

/** The name by which the Python programs know a net, and the batch size. */
function networkOf({ name, batchSize }: Net): readonly string[] {
  return [name.replace(/-128$/, ''), `${batchSize}`]
}
