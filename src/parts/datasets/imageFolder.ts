/** A dataset of images, with a folder for each class. */
import * as Type from 'typebox'
import { byteSize, bytesOf } from '../../language/byteSize.ts'
import { callsTo } from '../../language/calls.ts'
import { awaited, reference } from '../../language/expression.ts'
import { oneOf } from '../../language/fields.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { defineDataset, type DatasetFacts } from '../../language/datasetDef.ts'
import { pathField, scaledBytes } from '../../language/datasetFields.ts'
import { describeImageFolder } from './imageFolderFacts.ts'

const load = callsTo<typeof import('./imageFolder.fast.ts')>()
const read = callsTo<typeof import('./imageFolder.run.ts')>()

const side = { type: 'integer', minimum: 1, maximum: 16384 }

const schema = fieldsOf(
  {
    path: pathField(
      'The folder. It contains `train` and `test` or `val` with one folder per class, or the class folders themselves.',
      'data/flowers',
    ),
    size: Type.Optional(
      Type.Unsafe<readonly [number, number]>({
        description:
          'Height and width of the resized images, see `fit`. The default is the size of the first image of the first class.',
        examples: [[128, 128]],
        type: 'array',
        items: side,
        minItems: 2,
        maxItems: 2,
      }),
    ),
    channels: withDefault(
      Type.Unsafe<1 | 3 | 4>({
        description:
          '1: gray, computed as 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601). 3: red, green and blue. 4: with opacity, which is dropped otherwise.',
        examples: [1],
        type: 'integer',
        enum: [1, 3, 4],
      }),
      3,
    ),
    fit: withDefault(
      oneOf(['cover', 'contain', 'fill'] as const, {
        description:
          'How to resize an image with other proportions to `size`: `cover` crops two edges, `contain` adds black bars, `fill` distorts it. Images are enlarged with bicubic and reduced with Lanczos resampling, aligned at half-pixel centers.',
        examples: ['contain'],
      }),
      'cover',
    ),
    memory: withDefault(
      byteSize(
        'The memory for decoded images. If all images fit, each is decoded once. Otherwise as many as fit are decoded ahead of training, at least one batch.',
        ['512MB', '1GiB'],
      ),
      '256MB',
    ),
    testSplit: withDefault(
      Type.Number({
        description: 'The fraction of the images to hold out for testing if there is no `test` or `val` folder.',
        minimum: 0,
        exclusiveMaximum: 1,
        examples: [0.1],
      }),
      0.2,
    ),
    classNames: Type.Optional(
      Type.String({
        description:
          'A text file, in that folder or in the current one, that maps the names of class folders to class names, like `LOC_synset_mapping.txt` of ImageNet: one line `n01440764 tench` per class.',
        examples: ['LOC_synset_mapping.txt'],
      }),
    ),
  },
  'PNG, JPEG or WebP images with one folder per class. The package `sharp` decodes them while the engine computes, and they are never all in memory.',
)

export const imageFolder = defineDataset({
  aliases: {
    near: ['ImageFolderDataset', 'image_dataset_from_directory', 'folder'],
    options: { size: { same: ['image_size', 'img_size', 'target_size'] } },
  },
  schema,
  example: { path: 'data/flowers', size: [64, 64] },
  describe({ path, size, channels }, probe): DatasetFacts {
    const { size: found, ...facts } = describeImageFolder(probe, path, size === undefined)
    const sides = size ?? found
    return { ...facts, ...scaledBytes, ...(sides && { sampleShape: [...sides, channels] }) }
  },
  lower({ path, size, memory, ...options }, { sampleShape = [] }) {
    const form = { path, size: size ?? sampleShape.slice(0, 2), ...options, memory: bytesOf(memory) }
    return load('loadImageFolder', form, reference('folder'))
  },
  script({ path, channels, fit, testSplit }, { sampleShape, classNames }) {
    if (sampleShape === undefined || classNames === undefined) return undefined
    const form = { size: sampleShape.slice(0, 2), channels, fit }
    return awaited(read('readImageFolder', reference('folder', path), classNames, form, testSplit))
  },
  newSamples: ({ fit }) => ({ fit }),
  isStreamed: true,
})
