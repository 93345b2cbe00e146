/**
 * Reads HDF5 files that others wrote. The file is opened in a file system in memory, so that nothing in it can reach a file of
 * this machine; links to elsewhere are refused all the same, and an array is read only if its shape is the expected one.
 */
import type { Dataset, Entity, File as OpenFile, Group } from 'h5wasm'
import { unreadableModel } from '../importError.ts'
import type { StoredArray } from './storedArray.ts'

/** The filters of HDF5 that h5wasm has: deflate, shuffle and checksums. */
const knownFilters: ReadonlySet<number> = new Set([1, 2, 3])
const [integers, floats] = [0, 1]

export class Hdf5File {
  private readonly opened: OpenFile
  private readonly file: string
  private readonly release: () => void
  /** The names in the groups that were looked at. */
  private readonly listed = new Map<string, ReadonlySet<string>>()

  /**
   * @param file Its path, for messages.
   * @throws KnownError if the bytes are not HDF5.
   */
  static async open(bytes: Uint8Array, file: string): Promise<Hdf5File> {
    const { default: h5wasm } = await import('h5wasm')
    const library = await h5wasm.ready
    library.activate_throwing_error_handler()
    const name = 'imported.h5'
    library.FS.writeFile(name, bytes)
    try {
      const opened = new h5wasm.File(name, 'r')
      return new Hdf5File(opened, file, () => {
        opened.close()
        library.FS.unlink(name)
      })
    } catch (error) {
      library.FS.unlink(name)
      throw damaged(file, 'it cannot be opened as HDF5', error)
    }
  }

  private constructor(opened: OpenFile, file: string, release: () => void) {
    this.opened = opened
    this.file = file
    this.release = release
  }

  close(): void {
    this.release()
  }

  /** A text, or a list of texts, that an object of the file has; undefined if it has none of this name. */
  attribute(path: string, name: string): string | readonly string[] | undefined {
    const entity = this.find(path)
    if (entity === undefined || !('attrs' in entity)) return undefined
    const value = this.guarded(() => (Object.hasOwn(entity.attrs, name) ? entity.get_attribute(name, true) : undefined))
    if (typeof value === 'string') return value
    return Array.isArray(value) ? value.map(String) : undefined
  }

  /** The attribute as a list. Keras splits long lists into `name0`, `name1` and so on. */
  listAttribute(path: string, name: string): readonly string[] | undefined {
    const whole = this.attribute(path, name)
    if (whole !== undefined) return [whole].flat()
    const parts: string[] = []
    for (let part = 0; ; part += 1) {
      const found = this.attribute(path, `${name}${part}`)
      if (found === undefined) return part === 0 ? undefined : parts
      parts.push(...[found].flat())
    }
  }

  /** The names in a group; empty if there is no such group. */
  names(path: string): readonly string[] {
    const entity = this.find(path)
    return entity !== undefined && 'keys' in entity ? [...this.namesIn(entity.path)] : []
  }

  /** An array, whose values are not read yet; undefined if the path does not lead to one. */
  array(path: string): StoredArray | undefined {
    const entity = this.find(path)
    if (entity === undefined || !('filters' in entity)) return undefined
    const dataset: Dataset = entity
    const { shape, type, size, chunks, virtual_sources: sources } = this.guarded(() => dataset.metadata)
    if ((sources?.length ?? 0) > 0) throw damaged(this.file, `\`${path}\` has its values in another file`)
    const isNumeric = (type === floats || type === integers) && size <= 8
    if (!isNumeric || shape === null) throw damaged(this.file, `\`${path}\` is not an array of numbers`)
    return {
      name: path,
      shape,
      read: () => {
        const count = productOf(shape)
        const unknown = this.guarded(() => dataset.filters).find(({ id }) => !knownFilters.has(id))
        if (unknown)
          throw damaged(this.file, `\`${path}\` is compressed by \`${unknown.name}\`, which is not supported`)
        if (chunks !== null && productOf(chunks) > 4 * count + 65_536) {
          throw damaged(this.file, `\`${path}\` has chunks that are much larger than itself`)
        }
        const values = this.guarded(() => dataset.value)
        const list = ArrayBuffer.isView(values) ? (values as unknown as ArrayLike<number | bigint>) : [Number(values)]
        if (list.length !== count) throw damaged(this.file, `\`${path}\` has ${list.length} values instead of ${count}`)
        return list instanceof Float32Array ? list : Float32Array.from(list as ArrayLike<number>, Number)
      },
    }
  }

  /** Finds an object step by step, so that no step is a link to elsewhere. */
  private find(path: string): Entity | undefined {
    let at = ''
    let found: Entity | null = this.opened as Group
    for (const step of path.split('/').filter((one) => one !== '')) {
      at += `/${step}`
      const place = at
      if (found === null || !('keys' in found) || !this.namesIn(found.path).has(step)) return undefined
      const isLink = this.guarded(() => this.opened.get_link(place)) !== null
      found = this.guarded(() => this.opened.get(place))
      if (isLink || (found !== null && 'obj_path' in found)) {
        throw damaged(this.file, `\`${at}\` is a link, which files of Keras do not have`)
      }
    }
    return found ?? undefined
  }

  private namesIn(path: string): ReadonlySet<string> {
    const known = this.listed.get(path)
    if (known) return known
    const names = new Set(this.guarded(() => (this.opened.get(path) as Group).keys()))
    this.listed.set(path, names)
    return names
  }

  /** Turns an error of the library into one that names the file. */
  private guarded<Value>(read: () => Value): Value {
    try {
      return read()
    } catch (error) {
      throw damaged(this.file, 'a part of it cannot be read as HDF5', error)
    }
  }
}

function productOf(sizes: readonly number[]): number {
  return sizes.reduce((product, size) => product * size, 1)
}

function damaged(file: string, what: string, cause?: unknown) {
  return unreadableModel(`${file} is damaged: ${what}.`, 'Save the model again, or copy the file again.', cause)
}
