import { Writable } from 'node:stream'

/** Standard output for the messages of a protocol: as bytes, because texts on standard output are guarded for terminals. */
export function protocolOutput(): Writable {
  return new Writable({
    decodeStrings: true,
    write: (bytes: Uint8Array, _encoding, done) => void process.stdout.write(bytes, () => done()),
  })
}
