/** Reads the file of another framework, in whichever format it is, as a network of the language. */
import { closeSync, readSync } from 'node:fs'
import { extname } from 'node:path'
import { fileSizeLimits, openRegularFile, readRegularFile, readWholeFile } from '../../system/regularFile.ts'
import { pickled, unreadableModel } from './importError.ts'
import type { ReadNetwork } from './importedNetwork.ts'
import { asObject, asText, isObject, readJson } from './readJson.ts'

/**
 * Reads a network. The content decides on the format, not the name of the file.
 *
 * @throws KnownError if the file cannot be read, is damaged, or is in no known format.
 */
export async function readNetwork(file: string): Promise<ReadNetwork> {
  const head = readHead(file)
  const isZip = startsWith(head, [0x50, 0x4b, 0x03, 0x04])
  const isText = /^\s*[{[]/.test(new TextDecoder().decode(head))
  if (isPickle(head, file)) throw pickled(file)
  if (isZip) return await (await import('./keras/readArchive.ts')).readKerasArchive(file)
  if (startsWith(head, [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a])) {
    return await (await import('./keras/readHdf5Model.ts')).readHdf5Model(file)
  }
  if (isText) return await readJsonModel(file)
  // A message of ONNX begins with the version of its format.
  if (head[0] === 0x08 || extname(file).toLowerCase() === '.onnx') {
    return (await import('./onnx/readOnnx.ts')).readOnnx(await readWholeFile(file, fileSizeLimits.data), file)
  }
  throw unreadableModel(`${file} is in no format that can be imported.`, formatsHelp)
}

const formatsHelp =
  'Files of Keras (.keras, .h5, config.json), model.json of TensorFlow.js and ONNX files can be imported.'

async function readJsonModel(file: string): Promise<ReadNetwork> {
  const text = readRegularFile(file, fileSizeLimits.text).toString()
  const json = readJson(text, file)
  if (isObject(json) && 'modelTopology' in json) {
    return await (await import('./keras/readTfjsModel.ts')).readTfjsModel(json, file)
  }
  if (asText(asObject(json)?.['class_name']) === undefined) {
    throw unreadableModel(`${file} is JSON, but describes no model.`, formatsHelp)
  }
  const { buildNetwork, dialectOf } = await import('./keras/buildNetwork.ts')
  const version = asObject(json)?.['keras_version'] ?? (text.includes('"module":') ? '3.' : '2.')
  return await buildNetwork({ description: json, dialect: dialectOf(version), file })
}

function readHead(file: string): Uint8Array {
  const { file: opened } = openRegularFile(file)
  try {
    const bytes = Buffer.alloc(64)
    return bytes.subarray(0, readSync(opened, bytes, 0, bytes.length, 0))
  } finally {
    closeSync(opened)
  }
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte)
}

/** Whether it is a pickle of Python: its opcode of the protocol, or an archive that PyTorch writes. */
function isPickle(head: Uint8Array, file: string): boolean {
  const isByContent = head[0] === 0x80 && head[1]! >= 2 && head[1]! <= 5
  return isByContent || ['.pkl', '.pickle', '.pt', '.pth', '.ckpt', '.joblib'].includes(extname(file).toLowerCase())
}
