/** A zip archive of the given files as NumPy's `savez` (stored) or `savez_compressed` writes it. */
import { crc32, deflateRawSync } from 'node:zlib'

export function writeZip(files: ReadonlyMap<string, Uint8Array>, isDeflated = false): Buffer {
  const locals: Buffer[] = []
  const entries: Buffer[] = []
  let offset = 0
  for (const [name, data] of files) {
    const packed = isDeflated ? deflateRawSync(data) : Buffer.from(data)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(isDeflated ? 8 : 0, 4)
    common.writeUInt32LE(crc32(data), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(data.length, 18)
    common.writeUInt16LE(name.length, 22)
    // NumPy leaves room for sizes beyond 4 GB in the local header, so that it is longer than the directory says.
    const extra = Buffer.alloc(20)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), common, Buffer.from(name), extra, packed])
    local.writeUInt16LE(extra.length, 28)
    locals.push(local)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    const head = Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1')
    entries.push(Buffer.concat([head, common, tail, Buffer.from(name)]))
    offset += local.length
  }
  const directory = Buffer.concat(entries)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 'latin1')
  end.writeUInt16LE(files.size, 8)
  end.writeUInt16LE(files.size, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}
