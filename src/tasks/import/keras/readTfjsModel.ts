/** Reads `model.json` of TensorFlow.js, with the files of weights beside it. */
import { realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isInside } from '../../../system/insideFolder.ts'
import { fileSizeLimits, readWholeFile } from '../../../system/regularFile.ts'
import { statOf } from '../../../system/fileState.ts'
import { unreadableModel } from '../importError.ts'
import { asObject, type JsonObject } from '../readJson.ts'
import type { ReadNetwork } from '../importedNetwork.ts'
import { buildNetwork, dialectOf } from './buildNetwork.ts'
import { decodeArrays, readManifestGroups, type ManifestGroup } from './tfjsArrays.ts'
import { misread } from './kerasModel.ts'
import { namedWeights } from './namedWeights.ts'

/** @throws KnownError if the file is damaged, is a graph instead of layers, or names files outside of its folder. */
export async function readTfjsModel(json: JsonObject, file: string): Promise<ReadNetwork> {
  if (json['format'] === 'graph-model') {
    throw unreadableModel(
      `${file} is a graph of operations, in which the layers are lost.`,
      'Convert the original model with `--output_format tfjs_layers_model`, or import its .keras, .h5 or ONNX file.',
    )
  }
  const topology = asObject(json['modelTopology'])
  if (topology === undefined) throw misread(file, '`modelTopology` is missing')
  const groups = readManifestGroups(json['weightsManifest'], file)
  return await buildNetwork({
    description: topology['model_config'] ?? topology,
    dialect: dialectOf(topology['keras_version'] ?? json['generatedBy']),
    file,
    ...(groups.length > 0 && {
      openWeights: async (model) => {
        const arrays = []
        for (const group of groups) arrays.push(...decodeArrays(group, await readGroup(group, file), file))
        return { source: namedWeights(arrays, model) }
      },
    }),
  })
}

async function readGroup({ paths, bytes }: ManifestGroup, file: string): Promise<Uint8Array> {
  const places = paths.map((path) => placeInFolder(path, file))
  const sizes = places.map((place) => statOf(place)?.size ?? 0)
  const found = sizes.reduce((sum, size) => sum + size, 0)
  if (found !== bytes) {
    throw misread(file, `its manifest needs ${bytes} bytes of ${paths.join(', ')}, but there are ${found}`)
  }
  return Buffer.concat(await Promise.all(places.map((place) => readWholeFile(place, fileSizeLimits.data))))
}

/** The path of a file that a manifest names. @throws KnownError if it is not in the folder of the manifest. */
function placeInFolder(path: string, file: string): string {
  const folder = dirname(resolve(file))
  const place = resolve(folder, path)
  const isPlain = !/^[a-z]+:|^[\\/]|\\/i.test(path) && place !== folder && isInside(folder, place)
  if (!isPlain) throw outside(path, file)
  if (statOf(place) === undefined) {
    throw unreadableModel(
      `${file} needs \`${path}\`, which is missing.`,
      'Copy the files of weights beside model.json.',
    )
  }
  const [root, found] = [realpathSync(folder), realpathSync(place)]
  if (found === root || !isInside(root, found)) throw outside(path, file)
  return place
}

function outside(path: string, file: string) {
  return unreadableModel(
    `${file} names \`${path}\` as a file of weights, which is not in its folder.`,
    'Put the files of weights beside model.json, and correct the paths in its manifest.',
  )
}
