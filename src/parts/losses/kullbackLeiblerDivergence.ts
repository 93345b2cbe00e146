/** What a predicted distribution lacks of the true one. */
import { classProbabilities } from '../../language/fit.ts'
import { defineLoss, withoutOptions } from '../../language/lossDef.ts'

export const kullbackLeiblerDivergence = defineLoss('kullbackLeiblerDivergence', {
  aliases: { same: ['kld', 'klDivergence'], near: ['KLDivLoss', 'nn.KLDivLoss'] },
  schema: withoutOptions('The sum of target · log(target / prediction), for targets that are probabilities.'),
  labels: { classes: 'well', values: 'well' },
  predictions: () => classProbabilities,
  leastUnits: () => 2,
})
