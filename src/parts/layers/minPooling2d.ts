/** 2-d min pooling: the smallest value of each window. tf.layers has no such layer. */
import { callsTo } from '../../language/calls.ts'
import { withAliases } from '../../language/schema.ts'
import { defineOwnPooling2d } from './pooling.ts'

const call = callsTo<typeof import('./minPooling2d.run.ts')>()

export const minPooling2d = withAliases(
  defineOwnPooling2d('minPooling2d', 'The smallest value of each window, per channel.', (options) =>
    call('minPooling2dLayer', options),
  ),
  { same: ['MinPool2d', 'nn.MinPool2d'], near: ['minPool', 'nn.MinPool'] },
)
