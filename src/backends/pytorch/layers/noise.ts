/** The layers that drop values or add noise, in PyTorch. */
import { defineForm, elementwise, moduleStage, printTuple } from './form.ts'

interface Noise {
  readonly rate: number
  readonly noiseShape?: readonly (number | null)[]
}

const noiseWants = ({ noiseShape }: Noise) => (noiseShape === undefined ? 'any' : 'spec')
const printShape = (noiseShape: readonly (number | null)[]) =>
  printTuple(noiseShape.map((size) => (size === null ? 'None' : size)))

export const dropout = defineForm<Noise>({
  wants: noiseWants,
  flattened: ({ noiseShape }) => (noiseShape === undefined ? 'passes' : undefined),
  stages: ({ options: { rate, noiseShape } }) => [
    moduleStage(noiseShape === undefined ? `nn.Dropout(${rate})` : `ShapedDropout(${rate}, ${printShape(noiseShape)})`),
  ],
})

export const spatialDropout1d = defineForm<Noise>({
  wants: () => 'moved',
  stages: ({ options: { rate } }) => [moduleStage(`nn.Dropout1d(${rate})`)],
})

export const alphaDropout = defineForm<Noise>({
  wants: noiseWants,
  stages: ({ options: { rate, noiseShape } }) => [
    moduleStage(
      noiseShape === undefined ? `nn.AlphaDropout(${rate})` : `ShapedAlphaDropout(${rate}, ${printShape(noiseShape)})`,
    ),
  ],
})

export const gaussianDropout = elementwise<{ readonly rate: number }>(({ rate }) => [
  moduleStage(`GaussianDropout(${rate})`),
])

export const gaussianNoise = elementwise<{ readonly stddev: number }>(({ stddev }) => [
  moduleStage(`GaussianNoise(${stddev})`),
])
