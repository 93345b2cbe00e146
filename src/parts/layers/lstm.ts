/** The long short-term memory (Hochreiter and Schmidhuber, 1997). */
import { recurrentLayers } from './recurrent.ts'
import { withAliases } from '../../language/schema.ts'

export const lstm = withAliases(recurrentLayers.lstm, {
  same: ['CuDNNLSTM'],
  near: ['nn.LSTM'],
  options: { unitForgetBias: { same: ['forget_bias'] }, recurrentDropout: { same: ['recurrent_dropout_rate'] } },
})
