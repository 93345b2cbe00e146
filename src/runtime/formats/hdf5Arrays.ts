/**
 * Finds the arrays of an HDF5 file without reading their numbers, synchronously and in browsers, for `check`. It knows the
 * form that h5py writes by default and Keras uses (version 0 of the format specification at
 * https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html); `import` reads all others by the HDF5 library.
 */

/** Reads a part of the file; shorter at its end. */
export type ReadBytes = (start: number, length: number) => Uint8Array

/** An array whose numbers are in one piece. */
export interface Hdf5Array {
  readonly shape: readonly number[]
  /** The type of its numbers, as safetensors names it; undefined for other types. */
  readonly type: string | undefined
  readonly start: number
  readonly length: number
}

/** A group with the addresses of what it contains. */
export type Hdf5Group = ReadonlyMap<string, number>

/** Thrown if the file is damaged, or in a form that is not known here. */
export class UnknownHdf5Error extends Error {}

/** More entries than any network has arrays, so that a damaged file ends. */
const mostEntries = 200_000
/** A tree has as many levels as fit many more names than any file has. */
const deepestTree = 32
const undefinedAddress = 0xffff_ffff_ffff_ffffn

const messageTypes = { dataspace: 1, datatype: 3, layout: 8, continuation: 16, symbolTable: 17 } as const

/** A message of an object header: its type and the place of its data. */
interface Message {
  readonly type: number
  readonly start: number
  readonly length: number
}

export class Hdf5Arrays {
  readonly #read: ReadBytes
  readonly #root: number
  #entriesLeft = mostEntries

  /** @throws UnknownHdf5Error if the file has another form. */
  constructor(read: ReadBytes) {
    this.#read = read
    const start = this.#view(0, 96)
    const isKnown = start.getUint32(0) === 0x89484446 && start.getUint8(8) === 0
    if (!isKnown || start.getUint8(13) !== 8 || start.getUint8(14) !== 8 || start.getBigUint64(24, true) !== 0n) {
      throw new UnknownHdf5Error('it is not in the form of HDF5 that Keras writes')
    }
    this.#root = addressAt(start, 64)
  }

  /** Follows the names of groups from the root; undefined if one is missing. */
  group(path: readonly string[]): Hdf5Group | undefined {
    let entries: Hdf5Group | undefined = this.#entriesOf(this.#root)
    for (const step of path) {
      const address: number | undefined = entries?.get(step)
      entries = address === undefined ? undefined : this.#entriesOf(address)
    }
    return entries
  }

  /** @throws UnknownHdf5Error if the object is not an array in one piece. */
  array(address: number): Hdf5Array {
    const messages = this.#messagesOf(address)
    const find = (type: number) => messages.find((message) => message.type === type)
    const [space, type, layout] = [messageTypes.dataspace, messageTypes.datatype, messageTypes.layout].map(find)
    if (!space || !type || !layout) throw new UnknownHdf5Error('an entry is not an array')
    const shape = this.#shapeOf(space)
    const place = this.#view(layout.start, Math.min(layout.length, 18))
    const isContiguous = place.getUint8(0) === 3 && place.getUint8(1) === 1
    if (!isContiguous) throw new UnknownHdf5Error('an array is compressed or in several pieces')
    const isEmpty = place.getBigUint64(2, true) === undefinedAddress
    return {
      shape,
      type: this.#typeOf(type),
      start: isEmpty ? 0 : addressAt(place, 2),
      length: isEmpty ? 0 : addressAt(place, 10),
    }
  }

  #shapeOf({ start, length }: Message): number[] {
    const space = this.#view(start, length)
    const rank = space.getUint8(1)
    const first = space.getUint8(0) === 1 ? 8 : 4
    if (first + 8 * rank > length) throw new UnknownHdf5Error('the shape of an array is damaged')
    return Array.from({ length: rank }, (_, axis) => addressAt(space, first + 8 * axis))
  }

  #typeOf({ start }: Message): string | undefined {
    const type = this.#view(start, 8)
    const [isFloat, isLittleEndian] = [(type.getUint8(0) & 15) === 1, (type.getUint8(1) & 1) === 0]
    return isFloat && isLittleEndian ? `F${8 * type.getUint32(4, true)}` : undefined
  }

  /** The names in a group, or undefined for an array. */
  #entriesOf(address: number): Hdf5Group | undefined {
    const table = this.#messagesOf(address).find(({ type }) => type === messageTypes.symbolTable)
    if (table === undefined) return undefined
    const place = this.#view(table.start, 16)
    const heap = this.#view(addressAt(place, 8), 32)
    requireMark(heap, 'HEAP')
    const entries = new Map<string, number>()
    this.#readTree(addressAt(place, 0), addressAt(heap, 24), entries)
    return entries
  }

  /** Reads a node of the tree of a group: other nodes, or tables of symbols. */
  #readTree(address: number, names: number, entries: Map<string, number>, above = deepestTree): void {
    const head = this.#view(address, 24)
    requireMark(head, 'TREE')
    const [level, used] = [head.getUint8(5), head.getUint16(6, true)]
    if (level >= above) throw new UnknownHdf5Error('it is damaged')
    const children = this.#view(address + 24, 16 * used + 8)
    for (let child = 0; child < used; child += 1) {
      this.#count()
      const place = addressAt(children, 16 * child + 8)
      if (level > 0) this.#readTree(place, names, entries, level)
      else this.#readSymbols(place, names, entries)
    }
  }

  #readSymbols(address: number, names: number, entries: Map<string, number>): void {
    const head = this.#view(address, 8)
    requireMark(head, 'SNOD')
    const symbols = head.getUint16(6, true)
    const table = this.#view(address + 8, 40 * symbols)
    for (let symbol = 0; symbol < symbols; symbol += 1) {
      this.#count()
      const isLink = table.getUint32(40 * symbol + 16, true) === 2
      if (isLink) throw new UnknownHdf5Error('it contains links')
      entries.set(this.#textAt(names + addressAt(table, 40 * symbol)), addressAt(table, 40 * symbol + 8))
    }
  }

  #messagesOf(address: number): Message[] {
    const head = this.#view(address, 12)
    if (head.getUint8(0) !== 1) throw new UnknownHdf5Error('it is not in the form of HDF5 that Keras writes')
    const messages: Message[] = []
    const blocks = [{ start: address + 16, end: address + 16 + head.getUint32(8, true) }]
    for (const { start, end } of blocks) {
      for (let at = start; at + 8 <= end;) {
        this.#count()
        const message = this.#view(at, 8)
        const [type, length] = [message.getUint16(0, true), message.getUint16(2, true)]
        if (type === messageTypes.continuation) {
          const place = this.#view(at + 8, 16)
          blocks.push({ start: addressAt(place, 0), end: addressAt(place, 0) + addressAt(place, 8) })
        } else messages.push({ type, start: at + 8, length })
        at += 8 + length
      }
    }
    return messages
  }

  #textAt(start: number): string {
    const bytes = this.#read(start, 256)
    const end = bytes.indexOf(0)
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end))
  }

  #view(start: number, length: number): DataView {
    const bytes = this.#read(start, length)
    if (bytes.length < length) throw new UnknownHdf5Error('it is truncated')
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  #count(): void {
    this.#entriesLeft -= 1
    if (this.#entriesLeft < 0) throw new UnknownHdf5Error('it has too many entries')
  }
}

function addressAt(view: DataView, offset: number): number {
  const value = view.getBigUint64(offset, true)
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new UnknownHdf5Error('it refers to a place beyond its end')
  return Number(value)
}

function requireMark(view: DataView, mark: string): void {
  const found = String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(index)))
  if (found !== mark) throw new UnknownHdf5Error('it is damaged')
}
