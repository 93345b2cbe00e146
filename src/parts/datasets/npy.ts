/** A dataset of NumPy arrays, one `.npy` file each for inputs and labels. */
import * as Type from 'typebox'
import { callsTo } from '../../language/calls.ts'
import { awaited, reference } from '../../language/expression.ts'
import { fieldsOf } from '../../language/schema.ts'
import { npyHeadBytes, readNpyHeader } from '../../runtime/formats/npy.ts'
import { arrayFields, factsOfArrays } from './arrayFields.ts'
import { defineDataset } from '../../language/datasetDef.ts'
import { probeFile, missingFiles } from './describeFiles.ts'
import { holdOutForTesting, pathField } from '../../language/datasetFields.ts'
import { isThere, readHead } from '../../system/host.ts'

const load = callsTo<typeof import('./npz.fast.ts')>()
const read = callsTo<typeof import('./npz.run.ts')>()

export const npy = defineDataset({
  schema: fieldsOf(
    {
      inputs: pathField('The file of the training samples, as written by `numpy.save`.', 'data/inputs.npy'),
      targets: pathField('The file of the training labels.', 'data/labels.npy'),
      testInputs: Type.Optional(pathField('The file of the test samples.', 'data/testInputs.npy')),
      testTargets: Type.Optional(pathField('The file of the test labels.', 'data/testLabels.npy')),
      ...arrayFields,
    },
    'NumPy arrays, each in its own file. Bytes are scaled to 0 to 1; other values are used as they are.',
  ),
  paths: ['inputs', 'targets', 'testInputs', 'testTargets'],
  isFile: true,
  describe: (options, { host }) => {
    const { inputs, targets, labels, shape } = options
    const facts = probeFile(host, inputs, 'inputs', () => {
      const header = readNpyHeader(readHead(host, inputs, npyHeadBytes), inputs)
      if (!isThere(host, targets)) return probeFile(host, targets, 'targets', () => ({}))
      const files = {
        inputs: header,
        targets: readNpyHeader(readHead(host, targets, npyHeadBytes), targets),
        targetName: targets,
        targetBytes: host.size(targets)!,
        readTargets: (length: number) => readHead(host, targets, length),
      }
      return factsOfArrays(files, { labels, shape })
    })
    return missingFiles(host, facts, options, ['testInputs', 'testTargets'])
  },
  lower: ({ testSplit, ...rest }) =>
    load('loadNpy', { ...rest, ...(testSplit > 0 && { testSplit }) }, reference('folder')),
  script: ({ inputs, targets, testInputs, testTargets, testSplit }, { sampleShape, hasValues = false }) => {
    if (sampleShape === undefined) return undefined
    const test = testInputs !== undefined && testTargets !== undefined ? [testInputs, testTargets] : undefined
    const files = { train: [inputs, targets], test }
    return holdOutForTesting(awaited(read('readNpy', files, sampleShape, !hasValues, reference('folder'))), testSplit)
  },
})
