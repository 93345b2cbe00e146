/** A folder of IDX files with the names of MNIST's: KMNIST, EMNIST, or your own. */
import * as Type from 'typebox'
import { callsTo } from '../../language/calls.ts'
import { awaited, reference } from '../../language/expression.ts'
import { formatBytes } from '../../diagnostics/formatCount.ts'
import { fieldsOf } from '../../language/schema.ts'
import { readIdxShape } from '../../runtime/formats/idx.ts'
import { checkLabelCount, countAbsentClasses } from '../../runtime/formats/labelArray.ts'
import { findIdxFiles } from '../../runtime/formats/idxFolder.ts'
import { defineDataset, type DatasetFacts } from '../../language/datasetDef.ts'
import { probeFile } from './describeFiles.ts'
import { holdOutForTesting, pathField, scaledBytes, testSplitField } from '../../language/datasetFields.ts'
import { listFolder, readHead, type Host } from '../../system/host.ts'

const load = callsTo<typeof import('./idx.fast.ts')>()
const read = callsTo<typeof import('./idx.run.ts')>()

/** Labels larger than this many bytes are not read to count the classes. */
const maxLabelBytes = 1_000_000

export const idx = defineDataset({
  schema: fieldsOf(
    {
      path: pathField(
        'The folder. Its IDX files are named as those of MNIST, plain or .gz: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and the same with `t10k` or `test`.',
        'data/kmnist',
      ),
      prefix: Type.Optional(
        Type.String({
          description: 'The prefix of the file names, if the folder contains several datasets.',
          examples: ['emnist-letters-'],
        }),
      ),
      testSplit: testSplitField,
    },
    'Images and labels as IDX files, the format of KMNIST, EMNIST and others.',
  ),
  describe: ({ path, prefix = '' }, { host }) => probeFile(host, path, 'path', () => describeIdx(host, path, prefix)),
  lower: ({ path, prefix, testSplit }) =>
    load('loadIdx', { path, prefix, ...(testSplit > 0 && { testSplit }) }, reference('folder')),
  script: ({ path, prefix = '', testSplit }) =>
    holdOutForTesting(awaited(read('readIdxFolder', reference('folder', path), prefix)), testSplit),
})

function describeIdx(host: Host, path: string, prefix: string): DatasetFacts {
  const { train } = findIdxFiles(
    path,
    prefix,
    [...listFolder(host, path)].map(({ name }) => name),
  )
  const [trainCount = 0, ...sizes] = readIdxShape(readHead(host, train.images, 64), train.images, '')
  const sampleShape = sizes.length === 2 ? [...sizes, 1] : sizes
  const isLarge = host.size(train.labels)! > maxLabelBytes
  const content = readHead(host, train.labels, isLarge ? 64 : maxLabelBytes)
  const shape = readIdxShape(content, train.labels, '')
  checkLabelCount(shape, trainCount, train.labels)
  const labels = content.subarray(4 + 4 * shape.length)
  if (labels.length < trainCount) {
    const reason = `${train.labels} is larger than ${formatBytes(maxLabelBytes)}`
    const unknown = [{ fact: 'classes', reason, help: '`check --data` reads all labels' }] as const
    return { sampleShape, trainCount, ...scaledBytes, unknown }
  }
  const classes = labels.reduce((most, label) => Math.max(most, label + 1), 0)
  const absent = countAbsentClasses(labels, classes)
  return { sampleShape, trainCount, ...scaledBytes, classes, ...(absent > 0 && { absentClasses: absent }) }
}
