/** Every augmentation of the language. */
import type { AugmentationDef } from '../../language/augmentationDef.ts'
import { cutout } from './cutout.ts'
import { mixup } from './mixup.ts'
import { randomBrightness } from './randomBrightness.ts'
import { randomContrast } from './randomContrast.ts'
import { randomCrop } from './randomCrop.ts'
import { randomFlip } from './randomFlip.ts'
import { randomRotation } from './randomRotation.ts'

export const augmentationTable: Readonly<Record<string, AugmentationDef>> = {
  randomFlip,
  randomCrop,
  randomRotation,
  randomBrightness,
  randomContrast,
  cutout,
  mixup,
}
