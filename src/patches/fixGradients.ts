/** Applies all patches of gradients, on all backends. */
import * as tf from '@tensorflow/tfjs'
import { fuseActivationGradients } from './activationGradients.ts'
import { fixAveragePooling } from './averagePooling.ts'
import { simplifyClipping } from './clipByValue.ts'
import { fixDilatedConvolutions } from './dilatedConvolution.ts'
import { fixMaxPooling3d } from './maxPooling3d.ts'
import { fuseRelu6 } from './relu6.ts'
import { fixResizing } from './resizing.ts'
import { fixStretchedExtremes } from './stretchedExtremes.ts'
import { fixTransposedConvolution3d } from './transposedConvolution3d.ts'
import { fixUnstacking } from './unstack.ts'

/** Replaces the gradients. Idempotent. */
export function fixGradients(): void {
  const mark = 'ShapewrightGradients'
  if (tf.getGradient(mark)) return
  tf.registerGradient({ kernelName: mark, gradFunc: () => ({}) })
  fixAveragePooling()
  fixDilatedConvolutions()
  fixMaxPooling3d()
  fixResizing()
  fixStretchedExtremes()
  fixTransposedConvolution3d()
  fixUnstacking()
  fuseActivationGradients()
  fuseRelu6()
  simplifyClipping()
}
