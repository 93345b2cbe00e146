/** Reads `.h5` files of Keras: the attribute `model_config`, and the group `model_weights`. */
import { fileSizeLimits, readWholeFile } from '../../../system/regularFile.ts'
import { unreadableModel } from '../importError.ts'
import { readJson } from '../readJson.ts'
import type { ReadNetwork } from '../importedNetwork.ts'
import { buildNetwork, dialectOf } from './buildNetwork.ts'
import { Hdf5File } from './hdf5.ts'
import { legacyWeights } from './legacyWeights.ts'

/** @throws KnownError if the file is damaged, or has only weights. */
export async function readHdf5Model(file: string): Promise<ReadNetwork> {
  const opened = await Hdf5File.open(await readWholeFile(file, fileSizeLimits.data), file)
  try {
    const config = opened.attribute('', 'model_config')
    if (typeof config !== 'string') {
      throw unreadableModel(
        `${file} has no model: the attribute \`model_config\` is missing.`,
        'Files of `save_weights` have only weights. Save the whole model by `model.save("model.keras")`.',
      )
    }
    const version = opened.attribute('', 'keras_version') ?? opened.attribute('model_weights', 'keras_version')
    return await buildNetwork({
      description: readJson(config, `the model_config of ${file}`),
      dialect: dialectOf(typeof version === 'string' ? version : undefined),
      file,
      ...(opened.names('model_weights').length > 0 && {
        openWeights: async (model) => ({ source: legacyWeights(opened, model, 'model_weights', file) }),
      }),
    })
  } finally {
    opened.close()
  }
}
