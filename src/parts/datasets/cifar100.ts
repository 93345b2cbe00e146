/** CIFAR-100 (Krizhevsky, 2009): small color photographs in a hundred classes. */
import { callsTo } from '../../language/calls.ts'
import { awaited, reference } from '../../language/expression.ts'
import { oneOf } from '../../language/fields.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { defineDataset } from '../../language/datasetDef.ts'
import { downloadsOf, publishedPath, scaledBytes } from '../../language/datasetFields.ts'

const load = callsTo<typeof import('./cifar100.fast.ts')>()
const read = callsTo<typeof import('./cifar100.run.ts')>()

export const cifar100 = defineDataset({
  schema: fieldsOf(
    {
      labels: withDefault(
        oneOf(['fine', 'coarse'] as const, {
          description: '`fine`: 100 classes; `coarse`: 20 groups of them.',
          examples: ['coarse'],
        }),
        'fine',
      ),
      path: publishedPath,
    },
    'Color photographs: 50,000 training and 10,000 test images of 32x32x3, 100 classes or 20 groups of them.',
  ),
  describe: ({ labels }) => ({
    sampleShape: [32, 32, 3],
    classes: labels === 'fine' ? 100 : 20,
    trainCount: 50_000,
    ...scaledBytes,
  }),
  lower: ({ labels, path }) => load('loadCifar100', { labels, path }, reference('folder')),
  script: ({ labels, path }) => awaited(read('readCifar100', labels, reference('folder', path))),
  downloads: downloadsOf('https://www.cs.toronto.edu/~kriz', [
    ['cifar-100-binary.tar.gz', 168513733, '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec'],
  ]),
})
