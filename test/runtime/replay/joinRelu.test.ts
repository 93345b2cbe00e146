/** A relu joins the batch normalization before it exactly where nothing else reads the values between them. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import { recordKernels } from '../../../src/patches/recordKernels.ts'
import { joinRelu } from '../../../src/runtime/replay/joinRelu.ts'
import { RepeatedStep } from '../../../src/runtime/replay/repeatedStep.ts'
import { Random, startBackends } from '../onBackends.ts'

beforeAll(startBackends)

const shape = [2, 5, 5, 21] as const
const columns = [tf.util.sizeFromShape([...shape]) / 21, 21]

function normalize(x: tf.Tensor): tf.Tensor {
  const [gamma, beta] = [tf.linspace(-1, 2, 21), tf.linspace(1, -1, 21)]
  return (tf.engine().runKernel('BatchNormTraining', { x, gamma, beta }, { epsilon: 1e-3 }) as tf.Tensor[])[0]!
}

/** The value and the gradient of a function of x, with a gradient of the value that differs everywhere. */
function differentiate(compute: (x: tf.Tensor) => tf.Tensor): (x: tf.Tensor) => tf.Tensor[] {
  return (x) => {
    const { value, grad } = tf.valueAndGrad((given) => compute(given))(x, tf.cos(x))
    return [value, grad]
  }
}

const joined = ['BatchNormTrainingRelu']
const joinedGradients = ['BatchNormTrainingRelu', 'BatchNormTrainingReluGrad']
const separate = ['BatchNormTraining', 'Relu']
const separateGradients = ['BatchNormTraining', 'Relu', 'ReluGrad', 'BatchNormTrainingGrad']

const rows: Readonly<Record<string, { step: (x: tf.Tensor) => tf.Tensor[]; kernels: readonly string[] }>> = {
  'a relu': { step: (x) => [tf.relu(normalize(x))], kernels: joined },
  'a relu with its gradient': { step: differentiate((x) => tf.relu(normalize(x))), kernels: joinedGradients },
  'a relu of another shape': {
    step: differentiate((x) => tf.relu(normalize(x).reshape(columns)).reshape([...shape])),
    kernels: joinedGradients,
  },
  'a relu that several others read': {
    step: differentiate((x) => {
      const y = tf.relu(normalize(x))
      return tf.add(y, tf.sin(y))
    }),
    kernels: joinedGradients,
  },
  'two in a row': {
    step: differentiate((x) => tf.relu(normalize(tf.relu(normalize(x))))),
    kernels: [...joined, ...joinedGradients, 'BatchNormTrainingReluGrad'],
  },
  'a normalization that is a result too': {
    step: (x) => {
      const y = normalize(x)
      return [y, tf.relu(y)]
    },
    kernels: separate,
  },
  'a normalization with another reader': {
    step: differentiate((x) => {
      const y = normalize(x)
      return tf.add(tf.relu(y), y)
    }),
    kernels: separateGradients,
  },
  'a normalization with two relus': {
    step: (x) => {
      const y = normalize(x)
      return [tf.relu(y), tf.relu(y)]
    },
    kernels: ['BatchNormTraining', 'Relu', 'Relu'],
  },
  'a relu of a sum': { step: differentiate((x) => tf.relu(tf.add(normalize(x), x))), kernels: separateGradients },
}

it.each(Object.entries(rows))('%s', (_name, { step, kernels }) => {
  const random = new Random(1)
  const values = random.numbers(tf.util.sizeFromShape([...shape]))
  const x = tf.tensor([NaN, ...values.slice(1)], [...shape])
  const inTidy = () => tf.tidy(() => step(x))
  const { recording, results } = recordKernels([x], inTidy)
  const lasting = new Set(recording.results.map(({ slot }) => slot))
  const names = joinRelu(recording.calls, lasting).map(({ kernelName }) => kernelName)
  expect(names.filter((name) => /^(BatchNorm|Relu)/.test(name))).toEqual(kernels)

  const repeated = new RepeatedStep(inTidy)
  const numbers = (tensors: readonly tf.Tensor[]) => tensors.map((tensor) => [...tensor.dataSync()])
  for (let run = 0; run < 5; run++) expect(numbers(repeated.run([x]))).toEqual(numbers(results))
  expect(repeated.kernels).toBeGreaterThan(0)
})
