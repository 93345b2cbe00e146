/**
 * Reads HDF5 files that others wrote. The file is opened in a file system in memory, so that nothing in it can reach a file of
 * this machine; links to elsewhere are refused all the same, and an array is read only if its shape is the expected one.
 */
import { type Dataset, type Entity, File as OpenFile, type Group, ready } from 'h5wasm'

/** Thrown if the file is damaged; the message completes the sentence that names the file. */
export class DamagedHdf5Error extends Error {}

/** The filters of HDF5 that h5wasm has: deflate, shuffle and checksums. */
const knownFilters: ReadonlySet<number> = new Set([1, 2, 3])
const [integers, floats] = [0, 1]

/** The name of the file that is open in the file system in memory. */
const placeOfFile = 'imported.h5'

export class Hdf5Reader {
  private readonly opened: OpenFile
  private readonly unlink: () => void
  /** The names in the groups that were looked at. */
  private readonly listed = new Map<string, ReadonlySet<string>>()

  /** @throws DamagedHdf5Error if the bytes are not HDF5. So do all methods if a part of the file is damaged. */
  static async open(bytes: Uint8Array): Promise<Hdf5Reader> {
    const library = await ready
    library.activate_throwing_error_handler()
    library.FS.writeFile(placeOfFile, bytes)
    try {
      return new Hdf5Reader(new OpenFile(placeOfFile, 'r'), () => library.FS.unlink(placeOfFile))
    } catch (error) {
      library.FS.unlink(placeOfFile)
      throw new DamagedHdf5Error('it cannot be opened as HDF5', { cause: error })
    }
  }

  private constructor(opened: OpenFile, unlink: () => void) {
    this.opened = opened
    this.unlink = unlink
  }

  close(): void {
    this.opened.close()
    this.unlink()
  }

  /** A text, or a list of texts, that an object of the file has; undefined if it has none of this name. */
  attribute(path: string, name: string): string | readonly string[] | undefined {
    const entity = this.find(path)
    if (entity === undefined || !('attrs' in entity)) return undefined
    const value = this.guarded(() => (Object.hasOwn(entity.attrs, name) ? entity.get_attribute(name, true) : undefined))
    if (typeof value === 'string') return value
    return Array.isArray(value) ? value.map(String) : undefined
  }

  /** The names in a group; empty if there is no such group. */
  names(path: string): readonly string[] {
    const entity = this.find(path)
    return entity !== undefined && 'keys' in entity ? [...this.namesIn(entity.path)] : []
  }

  /** The shape of an array; undefined if the path does not lead to one. */
  shape(path: string): readonly number[] | undefined {
    return this.dataset(path)?.shape
  }

  /** The values of an array that `shape` found. */
  values(path: string): Float32Array {
    const { dataset, shape, chunks } = this.dataset(path)!
    const count = productOf(shape)
    const unknown = this.guarded(() => dataset.filters).find(({ id }) => !knownFilters.has(id))
    if (unknown) throw new DamagedHdf5Error(`\`${path}\` is compressed by \`${unknown.name}\`, which is not supported`)
    if (chunks !== null && productOf(chunks) > 4 * count + 65_536) {
      throw new DamagedHdf5Error(`\`${path}\` has chunks that are much larger than itself`)
    }
    const values = this.guarded(() => dataset.value)
    const list = ArrayBuffer.isView(values) ? (values as unknown as ArrayLike<number | bigint>) : [Number(values)]
    if (list.length !== count) throw new DamagedHdf5Error(`\`${path}\` has ${list.length} values instead of ${count}`)
    return list instanceof Float32Array ? list : Float32Array.from(list as ArrayLike<number>, Number)
  }

  private dataset(path: string) {
    const entity = this.find(path)
    if (entity === undefined || !('filters' in entity)) return undefined
    const dataset: Dataset = entity
    const { shape, type, size, chunks, virtual_sources: sources } = this.guarded(() => dataset.metadata)
    if ((sources?.length ?? 0) > 0) throw new DamagedHdf5Error(`\`${path}\` has its values in another file`)
    const isNumeric = (type === floats || type === integers) && size <= 8
    if (!isNumeric || shape === null) throw new DamagedHdf5Error(`\`${path}\` is not an array of numbers`)
    return { dataset, shape, chunks }
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
        throw new DamagedHdf5Error(`\`${at}\` is a link, which files of Keras do not have`)
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

  /** Turns an error of the library into one of this module. */
  private guarded<Value>(read: () => Value): Value {
    try {
      return read()
    } catch (error) {
      throw new DamagedHdf5Error('a part of it cannot be read as HDF5', { cause: error })
    }
  }
}

function productOf(sizes: readonly number[]): number {
  return sizes.reduce((product, size) => product * size, 1)
}
