/** The marks by which Shapewright recognizes the files that it wrote, for each file format. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { version } from './version.ts'

/** The mark for formats that can contain a line of text. */
export const ownMark = `Shapewright ${version}`

const anyVersion = String.raw`Shapewright \d+\.\d+\.\d+`

/** Whether a file is a script or belongs to one: its first line names the spec that it was compiled from. */
export function isOwnText(path: string): boolean {
  return isGenerated(headOf(path).toString('utf8'))
}

/** Whether a text begins with the first line that `compile` writes. */
export function isGenerated(text: string): boolean {
  return originPattern.test(text)
}

/** Whether a file that `compile` wrote was edited. Line ends are ignored, because they differ by platform. */
export function isEditedText(path: string): boolean {
  const text = readFileSync(path, 'utf8').replaceAll('\r\n', '\n')
  return fillInDigest(text) !== text
}

/** Prints the origin of a compiled text, for its first line. {@link fillInDigest} fills in the digest. */
export function printOrigin(source: string, writer: string, specDigest?: string): string {
  const spec = specDigest === undefined ? '' : `spec sha256 ${specDigest}, script `
  return `Compiled from ${source} by Shapewright ${writer} (${spec}sha256 ${noDigest})`
}

const noDigest = '0'.repeat(12)

const originPattern = new RegExp(
  String.raw`^((?:// |# |<!-- |\{\r?\n {2}"//": ")Compiled from .* by ${anyVersion} \((?:spec sha256 [0-9a-f]{12}, script )?sha256 )[0-9a-f]{12}\)`,
)

/** Writes the digest of a text into its origin. It is computed with zeros instead of the digest. */
export function fillInDigest(text: string): string {
  const withDigest = (digest: string) => text.replace(originPattern, (_, start: string) => `${start}${digest})`)
  return withDigest(sha256Of(new TextEncoder().encode(withDigest(noDigest))).slice(0, noDigest.length))
}

/** Whether a file is an exported Keras module: its first line names Shapewright. */
export function isOwnModule(path: string): boolean {
  return new RegExp(`^"""[^\\r\\n]*, trained with ${anyVersion}`).test(headOf(path).toString('utf8'))
}

/** Whether a file is a report: an HTML page that names its generator. */
export function isOwnPage(path: string): boolean {
  return new RegExp(`<meta name="generator" content="${anyVersion}"`).test(headOf(path).toString('utf8'))
}

/** Whether a file is a PNG image with the mark in its metadata. */
export function isOwnPicture(path: string): boolean {
  return headOf(path).includes('\u0089PNG', 0, 'latin1') && (holdsMark(headOf(path)) || holdsMark(tailOf(path)))
}

/** Whether a file is a zip archive with the mark as its comment. */
export function isOwnArchive(path: string): boolean {
  return headOf(path).includes('PK', 0, 'latin1') && new RegExp(`${anyVersion}$`).test(tailOf(path).toString('latin1'))
}

/** Whether a file is an ONNX model that names Shapewright as its producer: the first text in it, after four bytes. */
export function isOwnOnnx(path: string): boolean {
  return headOf(path).toString('latin1', 4, 15) === 'Shapewright'
}

/** Whether a file of safetensors names Shapewright in its metadata, which come first. */
export function isOwnTensorFile(path: string): boolean {
  return new RegExp(`^.{8}\\{"__metadata__":\\{"producer":"${anyVersion}"`, 's').test(headOf(path).toString('latin1'))
}

/** Whether a file contains the WebAssembly kernels: a module with the same exports. */
export function isOwnKernels(path: string): boolean {
  try {
    const { Module } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyModules }).WebAssembly
    const names = new Set(Module.exports(new Module(readFileSync(path))).map(({ name }) => name))
    return ['packPanels', 'winogradConvolution', 'multiplyTransposedRows'].every((name) => names.has(name))
  } catch {
    return false
  }
}

/** The used part of the WebAssembly API, whose types are only in the DOM library. */
interface WebAssemblyModules {
  readonly Module: (new (bytes: Uint8Array) => object) & {
    exports(module: object): readonly { readonly name: string }[]
  }
}

/** The mark in the `model.json` of an export. */
export interface ExportMark {
  readonly version: string
  /** The SHA-256 of each file in the same folder, in hexadecimal. */
  readonly files: Readonly<Record<string, string>>
}

/** Reads the mark of an exported `model.json`; undefined if it has none. */
export function readExportMark(path: string): ExportMark | undefined {
  try {
    const { shapewright } = JSON.parse(readFileSync(path, 'utf8')) as { readonly shapewright?: Partial<ExportMark> }
    const { version: writer, files } = shapewright ?? {}
    return typeof writer === 'string' && typeof files === 'object' ? { version: writer, files } : undefined
  } catch {
    return undefined
  }
}

export function sha256Of(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** Reads the beginning of a file, long enough for any mark. */
function headOf(path: string): Buffer {
  return readPart(path, 0)
}

function tailOf(path: string): Buffer {
  return readPart(path, Math.max(0, statSync(path).size - partBytes))
}

const partBytes = 4096

function readPart(path: string, position: number): Buffer {
  const file = openSync(path, 'r')
  try {
    const part = Buffer.alloc(partBytes)
    return part.subarray(0, readSync(file, part, 0, partBytes, position))
  } finally {
    closeSync(file)
  }
}

function holdsMark(bytes: Buffer): boolean {
  return new RegExp(anyVersion).test(bytes.toString('latin1'))
}
