/** Reads `.keras` files: zip archives of `config.json` and `model.weights.h5`. */
import { crc32, inflateRawSync } from 'node:zlib'
import { readZipDirectory, startOfMember, type ZipMember } from '../../../runtime/formats/zip.ts'
import { isKnownError } from '../../../system/knownError.ts'
import { nodeHost } from '../../../system/nodeHost.ts'
import { pickled, unreadableModel } from '../importError.ts'
import { asObject, asText, readJson, type Json } from '../readJson.ts'
import { archiveWeights } from './archiveWeights.ts'
import type { ReadNetwork } from '../importedNetwork.ts'
import { buildNetwork, dialectOf } from './buildNetwork.ts'
import { Hdf5File } from './hdf5.ts'

const mostMembers = 10_000
const largestConfig = 100e6
/** A weight of 8 bytes with the slots of an optimizer, twice. */
const bytesPerParameter = 64

/** @throws KnownError if the file is damaged, or unpacks to more than its model needs. */
export async function readKerasArchive(file: string): Promise<ReadNetwork> {
  const members = membersOf(file)
  // The archives of `torch.save`.
  if (members.some(({ name }) => name.endsWith('data.pkl'))) throw pickled(file)
  const jsonOf = (name: string): Json | undefined => {
    const bytes = readMember(file, members, name, largestConfig)
    return bytes && readJson(new TextDecoder().decode(bytes), `${name} of ${file}`)
  }
  const description = jsonOf('config.json')
  if (description === undefined) {
    throw unreadableModel(
      `${file} is an archive without \`config.json\`.`,
      'Use a file that `model.save("model.keras")` wrote.',
    )
  }
  const metadata = asObject(jsonOf('metadata.json'))
  const hasWeights = members.some(({ name }) => name === 'model.weights.h5')
  return await buildNetwork({
    description,
    dialect: dialectOf(asText(metadata?.['keras_version']) ?? '3.'),
    file,
    ...(hasWeights && {
      async openWeights(model, parameters) {
        const bytes = readMember(file, members, 'model.weights.h5', 16e6 + bytesPerParameter * parameters)!
        const opened = await Hdf5File.open(bytes, file)
        return { source: archiveWeights(opened, model), close: () => opened.close() }
      },
    }),
  })
}

function membersOf(file: string): readonly ZipMember[] {
  try {
    const members = readZipDirectory(nodeHost, file)
    if (members.length <= mostMembers) return members
  } catch (error) {
    if (!isKnownError(error)) throw error
    throw unreadableModel(error.message, saveAgain, error)
  }
  throw unreadableModel(`${file} has more than ${mostMembers} members, which no model needs.`, saveAgain)
}

const saveAgain = 'Save the model again, or copy the file again.'

/** Unpacks a member of at most `limit` bytes; undefined if the archive has no such member. */
function readMember(file: string, members: readonly ZipMember[], name: string, limit: number): Uint8Array | undefined {
  const member = members.findLast((one) => one.name === name)
  if (member === undefined) return undefined
  const { length, packedLength, method } = member
  if (length > limit) {
    const most = Math.round(limit).toLocaleString('en-US')
    throw unreadableModel(
      `${name} of ${file} unpacks to ${length.toLocaleString('en-US')} bytes, more than the ${most} that its model needs.`,
      'Check that it is the intended file.',
    )
  }
  const start = guarded(file, () => startOfMember(nodeHost, file, member))
  const packed = nodeHost.read(file, { start, length: method === 0 ? length : packedLength })
  const bytes =
    method === 0 ? packed : guarded(file, () => inflateRawSync(packed, { maxOutputLength: Math.max(1, length) }))
  if (bytes.length !== length || crc32(bytes) !== member.crc32) {
    throw unreadableModel(`${file} is damaged: the checksum of ${name} is wrong.`, saveAgain)
  }
  return bytes
}

function guarded<Value>(file: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    throw unreadableModel(`${file} is damaged: it cannot be unpacked.`, saveAgain, error)
  }
}
