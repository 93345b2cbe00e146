/** The gated recurrent unit (Cho et al., 2014). */
import { recurrentLayers } from './recurrent.ts'
import { withAliases } from '../../language/schema.ts'

export const gru = withAliases(recurrentLayers.gru, { same: ['CuDNNGRU'], near: ['nn.GRU'] })
