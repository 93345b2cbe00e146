/** The layers that crop, pad, resize and pool images in PyTorch. */
import { isKnown } from '../../../language/dims.ts'
import { eachAxis } from '../../../language/fields.ts'
import { bordersOf, type Borders } from '../../../parts/layers/borders.ts'
import type { AxisPadding } from '../../../parts/layers/window.ts'
import { printFloat } from '../../python/printLiteral.ts'
import { wantsChannels } from './convolutions.ts'
import { atom, defineForm, moduleStage, type LayerForm, type Stage } from './form.ts'
import { padStage } from './padding.ts'

/** Crops and pads by the borders of an image. */
function defineBordersForm(option: 'padding' | 'cropping', sign: 1 | -1): LayerForm {
  return defineForm<{ readonly dataFormat: 'channelsLast' | 'channelsFirst' } & Readonly<Record<string, Borders>>>({
    wants: wantsChannels,
    stages: ({ options }) => [padStage(bordersOf(options[option]!).map(([a, b]): AxisPadding => [sign * a, sign * b]))],
  })
}

export const zeroPadding2d = defineBordersForm('padding', 1)
export const cropping2D = defineBordersForm('cropping', -1)

export const centerCrop = defineForm<{ readonly height: number; readonly width: number }>({
  wants: () => 'moved',
  stages({ options: { height, width }, inputs: [image] }) {
    const [rows, columns] = image!
    if (!isKnown(rows) || !isKnown(columns)) return [{ call: (x) => `center_crop(${x}, ${height}, ${width})` }]
    const sides = (size: number, left: number): AxisPadding => {
      const before = Math.floor((size - left) / 2)
      return [-before, -(size - left - before)]
    }
    return [padStage([sides(rows, height), sides(columns, width)])]
  },
})

interface Interpolating {
  readonly interpolation: 'nearest' | 'bilinear'
}

export const resizing = defineForm<Interpolating & { readonly height: number; readonly width: number }>({
  wants: () => 'moved',
  stages({ options: { height, width, interpolation } }) {
    if (interpolation === 'nearest') return [{ call: (x) => `resize_nearest(${x}, ${height}, ${width})` }]
    const args = `(${height}, ${width}), mode="bilinear", align_corners=True`
    return [moduleStage(`nn.Upsample(${args})`, (x) => `F.interpolate(${x}, ${args.replace('(', 'size=(')})`)]
  },
})

export const upSampling2d = defineForm<
  Interpolating & {
    readonly size: number | readonly [number, number]
    readonly dataFormat: 'channelsLast' | 'channelsFirst'
  }
>({
  wants: wantsChannels,
  stages({ options: { size, interpolation } }) {
    const [rows, columns] = eachAxis(size, 2)
    if (interpolation === 'bilinear') return [{ call: (x) => `upsample_bilinear(${x}, ${rows}, ${columns})` }]
    const factor = rows === columns ? `${rows}` : `(${rows}, ${columns})`
    return [moduleStage(`nn.Upsample(scale_factor=${factor})`, (x) => `F.interpolate(${x}, scale_factor=${factor})`)]
  },
})

export const randomWidth = defineForm<Interpolating & { readonly factor: number | readonly [number, number] }>({
  wants: () => 'moved',
  stages({ options: { factor, interpolation } }) {
    const [lower, upper] = typeof factor === 'number' ? [-factor, factor] : factor
    const mode = interpolation === 'bilinear' ? '' : `, "${interpolation}"`
    return [moduleStage(`RandomWidth(${printFloat(lower)}, ${printFloat(upper)}${mode})`)]
  },
})

/** Pooling over all positions of each channel. */
export function defineGlobalForm(kind: 'max' | 'mean', axes: 1 | 2): LayerForm {
  return defineForm<{ readonly dataFormat?: 'channelsLast' | 'channelsFirst' }>({
    wants: ({ dataFormat }) => (axes === 1 ? 'any' : dataFormat === 'channelsFirst' ? 'spec' : 'moved'),
    gives: 'spec',
    stages({ layout }) {
      const isSecond = axes === 2 || layout === 'moved'
      const dims = axes === 2 ? '(2, 3)' : isSecond ? '2' : '1'
      const call: Stage['call'] = (x) => `${atom(x!)}.${kind === 'max' ? 'amax' : 'mean'}(${dims})`
      const pool = `nn.Adaptive${kind === 'max' ? 'Max' : 'Avg'}Pool${axes}d(1)`
      return [isSecond ? { modules: [pool, 'nn.Flatten()'], call } : { call }]
    },
  })
}
