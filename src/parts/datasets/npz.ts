/** A dataset of NumPy arrays in one `.npz` file. */
import * as Type from 'typebox'
import { callsTo } from '../../language/calls.ts'
import { awaited, reference } from '../../language/expression.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { npyHeadBytes, readNpyHeader } from '../../runtime/formats/npy.ts'
import { readZipDirectory, readZipMember } from '../../runtime/formats/zip.ts'
import { arrayFields, factsOfArrays } from './arrayFields.ts'
import { defineDataset, type DatasetFacts, type DatasetProblem } from '../../language/datasetDef.ts'
import { probeFile } from './describeFiles.ts'
import { holdOutForTesting, pathField } from '../../language/datasetFields.ts'
import type { Host } from '../../system/host.ts'

const load = callsTo<typeof import('./npz.fast.ts')>()
const read = callsTo<typeof import('./npz.run.ts')>()

const array = (what: string, byDefault: string, example: string) =>
  withDefault(Type.String({ description: `The name of the array of ${what}.`, examples: [example] }), byDefault)

export const npz = defineDataset({
  schema: fieldsOf(
    {
      path: pathField('The file, as written by `numpy.savez`.', 'data/mnist.npz'),
      inputs: array('the training samples', 'x_train', 'x'),
      targets: array('the training labels', 'y_train', 'y'),
      testInputs: array('the test samples, if there are any', 'x_test', 'x_val'),
      testTargets: array('the test labels', 'y_test', 'y_val'),
      ...arrayFields,
    },
    'NumPy arrays in one file, such as `mnist.npz` of Keras. Bytes are scaled to 0 to 1; other values are used as they are.',
  ),
  isFile: true,
  describe: (options, { host }) => probeFile(host, options.path, 'path', () => describeNpz(host, options)),
  lower: ({ testSplit, ...rest }) =>
    load('loadNpz', { ...rest, ...(testSplit > 0 && { testSplit }) }, reference('folder')),
  script: ({ path, inputs, targets, testInputs, testTargets, testSplit }, { sampleShape, hasValues = false }) => {
    if (sampleShape === undefined) return undefined
    const names = { train: [inputs, targets], test: [testInputs, testTargets] }
    return holdOutForTesting(
      awaited(read('readNpz', path, names, sampleShape, !hasValues, reference('folder'))),
      testSplit,
    )
  },
})

interface NpzOptions {
  readonly path: string
  readonly inputs: string
  readonly targets: string
  readonly labels?: 'classes' | 'values' | undefined
  readonly shape?: readonly number[] | undefined
}

function describeNpz(host: Host, { path, inputs, targets, labels, shape }: NpzOptions): DatasetFacts {
  const members = readZipDirectory(host, path)
  const [samples, classes] = [inputs, targets].map((name) => members.find((one) => one.name === `${name}.npy`))
  if (samples === undefined || classes === undefined) {
    const names = members.map(({ name }) => name.replace(/\.npy$/, ''))
    const [option, missing] = samples === undefined ? ['inputs', inputs] : ['targets', targets]
    return { problems: [unknownArray(path, missing!, option!, names)] }
  }
  const header = (member: typeof samples, name: string) =>
    readNpyHeader(readZipMember(host, path, member, npyHeadBytes), `${name} of ${path}`)
  const files = {
    inputs: header(samples, inputs),
    inputName: `${inputs} of ${path}`,
    targets: header(classes, targets),
    targetName: `${targets} of ${path}`,
    targetBytes: classes.length,
    readTargets: (length: number) => readZipMember(host, path, classes, length),
  }
  return factsOfArrays(files, { labels, shape })
}

function unknownArray(path: string, name: string, option: string, names: readonly string[]): DatasetProblem {
  return {
    code: 'data/unknown-column',
    option,
    message: `${path} has no array \`${name}\``,
    help: names.length === 0 ? 'it contains no arrays' : `it contains ${names.join(', ')}`,
    known: names,
  }
}
