/** Unpacks small JPEG and PNG files without sharp. */
import { createRequire } from 'node:module'
import { convertChannels } from '../../script/pixelChannels.ts'

/** The requested size and channels of images. */
export interface UnpackedForm {
  /** Height and width. */
  readonly size: readonly [number, number]
  readonly channels: 1 | 3 | 4
}

/** Unpacks a small image file to pixels; undefined if that needs more than unpacking. */
export type UnpackImage = (file: Uint8Array) => Promise<Uint8Array | undefined>

/**
 * Unpacks JPEG and PNG files that are small, of the requested size, and of plain colours: 8 bits, upright, without a
 * profile. libvips, which sharp uses, takes a millisecond to prepare for an image, however small; libjpeg-turbo and
 * fast-png take a twentieth of that. The pixels equal those of sharp, bit for bit.
 *
 * Damaged files are left to sharp, and so are all files if the packages are not installed.
 */
export function imageUnpacker({ size: [height, width], channels }: UnpackedForm): UnpackImage {
  if (height * width > mostPixels) return () => Promise.resolve(undefined)
  return async (file) => {
    const jpeg = plainJpegHead(file)
    const head = jpeg ?? plainPngHead(file)
    if (head?.height !== height || head.width !== width) return undefined
    try {
      const unpack = await (jpeg ? jpegDecoder() : pngDecoder())
      return convertChannels(unpack(file), head.channels, channels)
    } catch {
      return undefined
    }
  }
}

/** Larger images would block this thread for longer than a request to sharp, which decodes in other threads. */
const mostPixels = 128 * 128

interface PlainHead {
  readonly height: number
  readonly width: number
  /** 1: grey, 2: grey with opacity, 3: colour, 4: colour with opacity. */
  readonly channels: number
}

/**
 * Reads the header of a JPEG file that contains only the image (ITU T.81, B.1.1.3): no EXIF data, no profile, no Adobe
 * colours; and that has a proper end. Undefined for any other file.
 */
function plainJpegHead(file: Uint8Array): PlainHead | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (file.length < 4 || view.getUint16(0) !== 0xffd8 || view.getUint16(file.length - 2) !== 0xffd9) return undefined
  let head: PlainHead | undefined
  for (let at = 2; at + 10 < file.length; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at)
    if (marker === startOfScan) return head
    if (startsOfFrame.has(marker)) {
      const components = file[at + 9]!
      if (file[at + 4] !== 8 || (components !== 1 && components !== 3)) return undefined
      head = { height: view.getUint16(at + 5), width: view.getUint16(at + 7), channels: components }
    } else if (!plainSegments.has(marker)) return undefined
  }
  return undefined
}

const startOfScan = 0xffda
/** Baseline, extended and progressive, with Huffman codes. */
const startsOfFrame: ReadonlySet<number> = new Set([0xffc0, 0xffc1, 0xffc2])
/** JFIF, tables of Huffman codes and of quantization, restart intervals, comments. */
const plainSegments: ReadonlySet<number> = new Set([0xffe0, 0xffc4, 0xffdb, 0xffdd, 0xfffe])

/**
 * Reads the header of a PNG file with 8 bits per channel and no chunk that changes its appearance. Undefined for any
 * other file.
 */
function plainPngHead(file: Uint8Array): PlainHead | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (file.length < 33 || view.getBigUint64(0) !== pngSignature) return undefined
  const [depth, channels] = [file[24], channelsOfColourType[file[25]!]]
  if (depth !== 8 || channels === undefined) return undefined
  for (let at = 8; at + 12 <= file.length; at += 12 + view.getUint32(at)) {
    const name = String.fromCharCode(...file.subarray(at + 4, at + 8))
    if (name === 'IEND') return { width: view.getUint32(16), height: view.getUint32(20), channels }
    if (!plainChunks.has(name)) return undefined
  }
  return undefined
}

const pngSignature = 0x89504e470d0a1a0an
/** Grey, colour, grey with opacity, colour with opacity; palettes are excluded. */
const channelsOfColourType: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 }
const plainChunks: ReadonlySet<string> = new Set([
  'IHDR',
  'IDAT',
  'pHYs',
  'tIME',
  'bKGD',
  'sRGB',
  'gAMA',
  'cHRM',
  'sBIT',
])

/** Unpacks an image into memory of its own. */
type Unpack = (file: Uint8Array) => Uint8Array

/** The part of the package that is used here; it has no types. */
interface JpegCodec {
  readonly JPEGDecoder: new () => {
    /** Returns memory for a file of that many bytes. */
    getEncodedBuffer(length: number): Uint8Array
    /** Throws if the file is damaged, however slightly. */
    decode(): void
    /** Returns the pixels, valid until the next image. */
    getDecodedBuffer(): Uint8Array
  }
}

/** The decoders, each loaded for the first image that needs it. */
const unpackers: { jpeg?: Promise<Unpack>; png?: Promise<Unpack> } = {}

async function jpegDecoder(): Promise<Unpack> {
  unpackers.jpeg ??= (async () => {
    // The package has no types to import, so it is required.
    const start: unknown = createRequire(import.meta.url)('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs')
    const { JPEGDecoder } = await (start as () => Promise<JpegCodec>)()
    const decoder = new JPEGDecoder()
    return (file) => {
      decoder.getEncodedBuffer(file.length).set(file)
      decoder.decode()
      return decoder.getDecodedBuffer().slice()
    }
  })()
  return await unpackers.jpeg
}

async function pngDecoder(): Promise<Unpack> {
  unpackers.png ??= (async () => {
    const { decode } = await import('fast-png')
    return (file) => {
      const { data } = decode(file, { checkCrc: true })
      return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    }
  })()
  return await unpackers.png
}
