/** Reads the dataset of a spec: counts, statistics, and images of each class. */
import { checkText } from '../../analyze.ts'
import { lowerData } from '../../program/lowerGraph.ts'
import { hasErrors } from '../../diagnostics/diagnostic.ts'
import { KnownError } from '../../system/knownError.ts'
import { nodeHost } from '../../system/nodeHost.ts'
import { fileSizeLimits, readRegularFile } from '../../system/regularFile.ts'
import { asKnownError } from '../../system/systemError.ts'
import { previewData, type DataPreview } from '../../tasks/viewData/previewData.ts'
import type { DataQuestion, DataView } from '../calls.ts'
import { drawPng } from './drawPng.ts'

export async function viewDataset({ spec: path, split, view, augmented }: DataQuestion): Promise<DataView> {
  const text = readRegularFile(path, fileSizeLimits.spec).toString('utf8')
  const { spec, diagnostics } = checkText(text, path, { host: nodeHost, isWhole: true })
  const program = lowerData(spec)
  if (program === undefined)
    throw new KnownError('usage', `${path} has no dataset`, 'add one, for example `dataset: mnist`')
  const canAugment = program.augment !== undefined
  const { validationSplit, seed } = spec.training
  const request = { validationSplit, seed, split, augmented: augmented && canAugment, stats: true }
  const read = (count: number) => previewData(program, { ...request, view: count })
  // The rest of the spec may have errors while it is edited.
  const { preview, noPictures } = await withPictures(read, view).catch((error: unknown) => {
    if (asKnownError(error) || !hasErrors(diagnostics)) throw error
    throw new KnownError('usage', `${path} has errors`, 'fix them in the editor first')
  })
  const pictures = preview.pictures.map(({ width, height, pixels, label }) => ({
    ...drawPng(pixels, width, height, 3),
    label,
  }))
  const { sampleShape, classNames, splits } = preview
  const stats = preview.stats ?? { mean: [], std: [], samples: 0 }
  return {
    sampleShape,
    classNames,
    splits,
    stats,
    canAugment,
    pictures,
    ...(noPictures !== undefined && { noPictures }),
  }
}

/** Reads the numbers alone if the samples are not images. */
async function withPictures(
  read: (count: number) => Promise<DataPreview>,
  view: number,
): Promise<{ readonly preview: DataPreview; readonly noPictures?: string }> {
  try {
    return { preview: await read(view) }
  } catch (error) {
    if (!asKnownError(error)) throw error
    const preview = await read(0)
    return { preview, noPictures: (error as Error).message }
  }
}
