/** Every loss of the language. */
import { binaryCrossentropy } from './binaryCrossentropy.ts'
import { categoricalCrossentropy } from './categoricalCrossentropy.ts'
import { categoricalHinge } from './categoricalHinge.ts'
import { cosineProximity } from './cosineProximity.ts'
import { hinge } from './hinge.ts'
import { huberLoss } from './huberLoss.ts'
import { kullbackLeiblerDivergence } from './kullbackLeiblerDivergence.ts'
import { logcosh } from './logcosh.ts'
import type { LossDef } from '../../language/lossDef.ts'
import { meanAbsoluteError } from './meanAbsoluteError.ts'
import { meanAbsolutePercentageError } from './meanAbsolutePercentageError.ts'
import { meanSquaredError } from './meanSquaredError.ts'
import { meanSquaredLogarithmicError } from './meanSquaredLogarithmicError.ts'
import { poisson } from './poisson.ts'
import { sparseCategoricalCrossentropy } from './sparseCategoricalCrossentropy.ts'
import { squaredHinge } from './squaredHinge.ts'

export const lossTable: Readonly<Record<string, LossDef>> = {
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  binaryCrossentropy,
  meanSquaredError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredLogarithmicError,
  huberLoss,
  logcosh,
  categoricalHinge,
  hinge,
  squaredHinge,
  kullbackLeiblerDivergence,
  poisson,
  cosineProximity,
}
