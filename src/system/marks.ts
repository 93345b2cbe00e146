/** The marks by which files of Shapewright are known again, each for its form. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { version } from './version.ts'

/** A mark for forms that hold a line of text somewhere. */
export const ownMark = `Shapewright ${version}`

const anyVersion = String.raw`Shapewright \d+\.\d+\.\d+`

/** A script or one of the files of its project: it begins with the line that says where it comes from. */
export function isOwnText(path: string): boolean {
  return isGenerated(headOf(path).toString('utf8'))
}

/** Whether a text begins as what we write. Line ends differ by platform. */
export function isGenerated(text: string): boolean {
  return new RegExp(String.raw`^(// |<!-- |\{\r?\n {2}"//": ")Compiled from .* by ${anyVersion}`).test(text)
}

/** A module for Keras, whose first line says who trained the network. */
export function isOwnModule(path: string): boolean {
  return new RegExp(`^"""[^\\r\\n]*, trained with ${anyVersion}`).test(headOf(path).toString('utf8'))
}

/** A page, which names its generator. */
export function isOwnPage(path: string): boolean {
  return new RegExp(`<meta name="generator" content="${anyVersion}"`).test(headOf(path).toString('utf8'))
}

/** A picture in PNG, whose metadata hold the mark. */
export function isOwnPicture(path: string): boolean {
  return headOf(path).includes('\u0089PNG', 0, 'latin1') && (holdsMark(headOf(path)) || holdsMark(tailOf(path)))
}

/** An archive in zip, whose comment is the mark. */
export function isOwnArchive(path: string): boolean {
  return headOf(path).includes('PK', 0, 'latin1') && new RegExp(`${anyVersion}$`).test(tailOf(path).toString('latin1'))
}

/** The WebAssembly kernels: a module that exports what ours does. */
export function isOwnKernels(path: string): boolean {
  try {
    const { Module } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyModules }).WebAssembly
    const names = new Set(Module.exports(new Module(readFileSync(path))).map(({ name }) => name))
    return ['packPanels', 'winogradConvolution', 'multiplyTransposedRows'].every((name) => names.has(name))
  } catch {
    return false
  }
}

/** The part of the WebAssembly API that is used; its types belong to the DOM library. */
interface WebAssemblyModules {
  readonly Module: (new (bytes: Uint8Array) => object) & {
    exports(module: object): readonly { readonly name: string }[]
  }
}

/** What `model.json` of an export says of itself and of the files beside it. */
export interface ExportMark {
  readonly version: string
  /** The SHA-256 of each, in hex. */
  readonly files: Readonly<Record<string, string>>
}

/** The mark of an exported `model.json`; undefined for one of others. */
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

/** As much as holds any mark at the start. */
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
