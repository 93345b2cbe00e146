/** Exports networks of random weights, and compares what they answer here and in Keras or ONNX Runtime themselves. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { exportKeras, exportKerasFile, exportOnnx } from '../../../src/tasks/export/exportRun.ts'
import { encodeNpz } from '../../../src/tasks/export/npz.ts'
import { buildModel } from '../../../src/backends/interpret/interpret.ts'
import { checkText } from '../../../src/analyze.ts'
import { lowerGraph } from '../../../src/program/lowerGraph.ts'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'
import { saveModel } from '../../../src/runtime/runs/saveModel.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

const python = process.env['KERAS_PYTHON'] ?? 'python3'

/** A library of Python that runs what an export writes. */
export interface Library {
  readonly isThere: boolean
  readonly write: typeof exportKeras
  /** Loads the model of `folder`, and sets `outputs` by the list `inputs`; both are lists of NumPy arrays. */
  readonly run: string
}

export const keras: Library = {
  isThere: canImport('Keras 3', 'import keras; assert keras.__version__ >= "3"'),
  write: exportKeras,
  run: `
        import keras
        spec = importlib.util.spec_from_file_location("model", folder + "/model.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        outputs = module.load_model()(inputs if len(inputs) > 1 else inputs[0], training=False)
        outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
        outputs = [keras.ops.convert_to_numpy(output) for output in outputs]`,
}

/** Keras alone, which loads a file without code of ours. */
export const kerasFile: Library = {
  isThere: keras.isThere,
  write: exportKerasFile,
  run: `
        import keras
        outputs = keras.models.load_model(folder + "/model.keras")(inputs if len(inputs) > 1 else inputs[0], training=False)
        outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
        outputs = [keras.ops.convert_to_numpy(output) for output in outputs]`,
}

export const onnx: Library = {
  isThere: canImport('ONNX Runtime', 'import onnx, onnxruntime'),
  write: exportOnnx,
  run: `
        import onnx, onnxruntime
        onnx.checker.check_model(folder + "/model.onnx", full_check=True)
        session = onnxruntime.InferenceSession(folder + "/model.onnx", providers=["CPUExecutionProvider"])
        outputs = session.run(None, {given.name: array for given, array in zip(session.get_inputs(), inputs)})`,
}

function canImport(name: string, program: string): boolean {
  try {
    execFileSync(python, ['-c', program], { stdio: 'ignore' })
    return true
  } catch {
    process.stderr.write(`SKIPPED: no Python with ${name} was found (KERAS_PYTHON names one)\n`)
    return false
  }
}

/** Runs every folder's model on its inputs, and prints what each answers, or why it does not. */
const runnerOf = ({ run }: Library) => `
import importlib.util, json, os, sys
import numpy as np
answers = {}
for name in open(sys.argv[1]).read().split("\\n"):
    folder = os.path.join(os.path.dirname(sys.argv[1]), name)
    try:
        with np.load(folder + "/inputs.npz") as arrays:
            inputs = [arrays[str(index)] for index in range(len(arrays.files))]${run}
        answers[name] = {
            "shapes": [list(output.shape) for output in outputs],
            "values": [[value if np.isfinite(value) else str(value) for value in output.ravel().tolist()] for output in outputs],
        }
    except Exception as error:
        answers[name] = {"error": type(error).__name__ + ": " + str(error)}
print(json.dumps(answers))
`

export interface Network {
  readonly name: string
  /** A spec without its name. */
  readonly text: string
  /** What its inputs hold: fractions from 0 to 1 by default, or whole numbers below this. */
  readonly below?: number
  /** Every value of some steps, for a layer that masks. */
  readonly maskValue?: number
}

interface Answers {
  readonly shapes: readonly (readonly number[])[]
  readonly values: readonly (readonly number[])[]
}

type TheirAnswers = { readonly error: string } | Answers

export interface Comparison {
  readonly ours: Answers
  readonly theirs: TheirAnswers
  /** The largest over all values, relative to those above 1; 0 where both are not finite. */
  readonly difference: number
}

/** @param onRefusal Called for a network that is not exported; without it, the error is thrown. */
export async function compareWith(
  library: Library,
  networks: readonly Network[],
  onRefusal?: (name: string, error: unknown) => void,
): Promise<ReadonlyMap<string, Comparison>> {
  const root = temporaryFolder()
  await startEngine('cpu')
  const ours = new Map<string, Answers>()
  for (const network of networks) {
    try {
      ours.set(network.name, await exportNetwork(library, network, join(root, network.name)))
    } catch (error) {
      if (onRefusal === undefined) throw error
      onRefusal(network.name, error)
    }
  }
  const list = join(root, 'networks')
  writeFileSync(list, [...ours.keys()].join('\n'))
  writeFileSync(join(root, 'run.py'), runnerOf(library))
  const output = execFileSync(python, [join(root, 'run.py'), list], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '' },
    maxBuffer: 1 << 30,
  })
  const found = JSON.parse(output.trim().split('\n').at(-1)!) as Readonly<Record<string, TheirAnswers>>
  return new Map(
    [...ours].map(([name, answers]) => {
      const theirs = found[name]!
      return [name, { ours: answers, theirs, difference: differenceOf(answers, theirs) }]
    }),
  )
}

function differenceOf(ours: Answers, theirs: TheirAnswers): number {
  if ('error' in theirs || JSON.stringify(ours.shapes) !== JSON.stringify(theirs.shapes))
    return Number.POSITIVE_INFINITY
  const differences = ours.values.flatMap((output, index) =>
    output.map((value, at) => {
      const other = Number(theirs.values[index]![at])
      if (!Number.isFinite(value) && !Number.isFinite(other)) return 0
      return Math.abs(value - other) / Math.max(1, Math.abs(value))
    }),
  )
  return differences.reduce((most, one) => (one <= most ? most : one), 0)
}

/** Exports it with weights at random; returns what it answers to the inputs that are left beside it. */
async function exportNetwork(
  library: Library,
  { name, text, below, maskValue }: Network,
  folder: string,
): Promise<Answers> {
  const { spec, shaped, diagnostics } = checkText(`name: ${name}\n${text}`, `${name}.yaml`)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(`${name}: ${errors.map(({ message }) => message).join('; ')}\n${text}`)
  const program = lowerGraph(spec, shaped)
  const model = buildModel(program, 3)
  for (const layer of model.layers) {
    const drawn = layer.weights.map(({ shape, originalName }, index) => {
      const values = tf.randomNormal(shape as number[], 0, 0.4, 'float32', index + 1)
      return /variance/i.test(originalName) ? values.abs().add(0.1) : values
    })
    layer.setWeights(drawn)
  }
  mkdirSync(folder)
  await saveModel(model, join(folder, 'model'), {
    classNames: ['yes', '"no"'],
    preprocessing: { shape: [1], scale: 0.5 },
  })
  await library.write(program, folder, folder)
  const inputs = model.inputs.map(({ shape }, index) => {
    const drawn = tf.randomUniform(
      shape.map((size, axis) => size ?? (axis === 0 ? 3 : 9)),
      0,
      below ?? 1,
      'float32',
      index + 1,
    )
    const values = below === undefined ? drawn : drawn.floor()
    if (maskValue === undefined || shape.length < 3) return values
    const steps = values.shape.map((size, axis) => (axis < 2 ? size : 1))
    const marks = tf.randomUniform(steps, 0, 1, 'float32', index + 7).less(0.4)
    return tf.where(marks.broadcastTo(values.shape), tf.fill(values.shape, maskValue), values)
  })
  const arrays = inputs.map((input, index) => ({
    name: String(index),
    shape: input.shape,
    values: input.dataSync() as Float32Array,
  }))
  writeFileSync(join(folder, 'inputs.npz'), Buffer.concat(await encodeNpz(arrays, '')))
  const answers = [model.predict(inputs.length === 1 ? inputs[0]! : inputs)].flat()
  return { shapes: answers.map(({ shape }) => shape), values: answers.map((answer) => [...answer.dataSync()]) }
}
