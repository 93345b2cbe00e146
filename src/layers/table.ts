/** Every layer type of the language. A new layer is its file, its line here, and its test cases. */
import { activation } from './activation.ts'
import { averagePooling2d } from './averagePooling2d.ts'
import { batchNormalization } from './batchNormalization.ts'
import { conv2d } from './conv2d.ts'
import { dense } from './dense.ts'
import { dropout } from './dropout.ts'
import { flatten } from './flatten.ts'
import { globalAveragePooling2d } from './globalAveragePooling2d.ts'
import { input } from './input.ts'
import type { LayerDef } from './layerDef.ts'
import { maxPooling2d } from './maxPooling2d.ts'
import { zeroPadding2d } from './zeroPadding2d.ts'

export const layerTable = {
  input,
  conv2d,
  maxPooling2d,
  averagePooling2d,
  globalAveragePooling2d,
  zeroPadding2d,
  flatten,
  dense,
  dropout,
  activation,
  batchNormalization,
} satisfies Record<string, LayerDef>

export type LayerType = keyof typeof layerTable

/** The definition of a type, for code that treats all alike. */
export function layerDef(type: string): LayerDef {
  return layerTable[type as LayerType]
}

export function isLayerType(type: string): type is LayerType {
  return Object.hasOwn(layerTable, type)
}
