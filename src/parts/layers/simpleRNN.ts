/** A plain recurrent layer. */
import { recurrentLayers } from './recurrent.ts'
import { withAliases } from '../../language/schema.ts'

export const simpleRNN = withAliases(recurrentLayers.simpleRNN, { near: ['nn.RNN', 'VanillaRNN'] })
