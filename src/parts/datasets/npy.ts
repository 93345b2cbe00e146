/** Arrays of NumPy in a file each. */
import { existsSync, statSync } from 'node:fs'
import { Type } from 'typebox'
import { call, reference } from '../../language/expression.ts'
import { fieldsOf } from '../../language/schema.ts'
import { readFileHead } from '../../runtime/formats/fileHead.ts'
import { readNpyHeader } from '../../runtime/formats/npy.ts'
import { arrayFields, factsOfArrays } from './arrayFields.ts'
import { defineDataset } from '../../language/datasetDef.ts'
import { lookInto, missingFiles } from './describeFiles.ts'
import { pathField } from '../../language/datasetFields.ts'

export const npy = defineDataset({
  schema: fieldsOf(
    {
      inputs: pathField('The file of the samples to train on, as `numpy.save` writes it.', 'data/inputs.npy'),
      targets: pathField('The file of their labels.', 'data/labels.npy'),
      testInputs: Type.Optional(pathField('The file of the samples to test on.', 'data/testInputs.npy')),
      testTargets: Type.Optional(pathField('The file of their labels.', 'data/testLabels.npy')),
      ...arrayFields,
    },
    'Arrays of NumPy in a file each: bytes become numbers from 0 to 1, all else stays as it is.',
  ),
  paths: ['inputs', 'targets', 'testInputs', 'testTargets'],
  isFile: true,
  describe: (options) => {
    const { inputs, targets, labels, shape } = options
    const facts = lookInto(inputs, 'inputs', () => {
      const header = readNpyHeader(readFileHead(inputs, 1024), inputs)
      if (!existsSync(targets)) return lookInto(targets, 'targets', () => ({}))
      const look = {
        inputs: header,
        targets: readNpyHeader(readFileHead(targets, 1024), targets),
        targetName: targets,
        targetBytes: statSync(targets).size,
        readTargets: (length: number) => readFileHead(targets, length),
      }
      return factsOfArrays(look, { labels, shape })
    })
    return missingFiles(facts, options, ['testInputs', 'testTargets'])
  },
  lower: ({ testSplit, ...rest }) =>
    call('loadNpy', { ...rest, ...(testSplit > 0 && { testSplit }) }, reference('folder')),
})
