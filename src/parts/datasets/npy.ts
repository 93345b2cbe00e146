/** A dataset of NumPy arrays, one `.npy` file each for inputs and labels. */
import * as Type from 'typebox'
import { callsTo } from '../../language/calls.ts'
import { awaited, reference } from '../../language/expression.ts'
import { fieldsOf } from '../../language/schema.ts'
import { npyHeadBytes, readNpyHeader } from '../../runtime/formats/npy.ts'
import { arrayFields, factsOfArrays } from './arrayFields.ts'
import { defineDataset, type DatasetFacts, type DatasetProblem } from '../../language/datasetDef.ts'
import { probeFile, missingFiles } from './describeFiles.ts'
import { holdOutForTesting, pathField } from '../../language/datasetFields.ts'
import { readHead } from '../../system/host.ts'

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
      return probeFile(host, targets, 'targets', () => {
        const files = {
          inputs: header,
          inputName: inputs,
          targets: readNpyHeader(readHead(host, targets, npyHeadBytes), targets),
          targetName: targets,
          targetBytes: host.size(targets)!,
          readTargets: (length: number) => readHead(host, targets, length),
        }
        return factsOfArrays(files, { labels, shape })
      })
    })
    return missingFiles(host, withBothTests(facts, options), options, ['testInputs', 'testTargets'])
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

/** Adds a problem if only one of the two files of the test samples is stated. */
function withBothTests(
  facts: DatasetFacts,
  options: { testInputs?: string | undefined; testTargets?: string | undefined },
): DatasetFacts {
  const [stated, missing] =
    options.testInputs === undefined ? ['testTargets', 'testInputs'] : ['testInputs', 'testTargets']
  const isOne = (options.testInputs === undefined) !== (options.testTargets === undefined)
  if (!isOne) return facts
  const problem: DatasetProblem = {
    code: 'data/unreadable',
    severity: 'error',
    option: stated!,
    message: `\`${stated}\` is stated without \`${missing}\``,
    help: 'name the file of the test samples and the file of their labels, or neither',
  }
  return { ...facts, problems: [...(facts.problems ?? []), problem] }
}
