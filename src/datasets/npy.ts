/** Arrays of NumPy in a file each. */
import { existsSync, statSync } from 'node:fs'
import { Type } from 'typebox'
import { call, reference } from '../layers/expression.ts'
import { fieldsOf } from '../layers/schema.ts'
import { readFileHead } from '../runtime/formats/fileHead.ts'
import { readNpy, readNpyHeader } from '../runtime/formats/npy.ts'
import { arrayFields, countClasses, factsOfHeaders, mostLabelBytes } from './arrayFields.ts'
import { defineDataset } from './datasetDef.ts'
import { lookInto } from './describeFiles.ts'
import { pathField } from './fields.ts'

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
  describe: ({ inputs, targets, labels, shape }) =>
    lookInto(inputs, 'inputs', () => {
      const header = readNpyHeader(readFileHead(inputs, 1024), inputs)
      if (!existsSync(targets)) return lookInto(targets, 'targets', () => ({}))
      const labelHeader = readNpyHeader(readFileHead(targets, 1024), targets)
      return factsOfHeaders(header, labelHeader, { labels, shape }, () => {
        const { size } = statSync(targets)
        if (size > mostLabelBytes) return undefined
        return countClasses(readNpy(readFileHead(targets, size), targets).data)
      })
    }),
  lower: ({ testSplit, ...rest }) =>
    call('loadNpy', { ...rest, ...(testSplit > 0 && { testSplit }) }, reference('folder')),
})
