/**
 * Writes a state dict as `torch.save` does: a zip archive with the numbers of each tensor in a file of its own, and a pickle
 * that describes the tensors (https://docs.pytorch.org/docs/stable/notes/serialization.html). `torch.load` reads it with
 * `weights_only=True`.
 */
import { stridesOf } from '../../runtime/formats/axisOrder.ts'
import type { NamedArray } from './npz.ts'
import { encodeZip } from './zipArchive.ts'

/** @param comment The comment of the archive, at its end. */
export function encodeTorchFile(tensors: readonly NamedArray[], comment: string): Promise<Buffer[]> {
  const members: readonly (readonly [string, Buffer])[] = [
    ['data.pkl', pickleOf(tensors)],
    ['byteorder', Buffer.from('little')],
    ...tensors.map(
      ({ values }, index) =>
        [`data/${index}`, Buffer.from(values.buffer, values.byteOffset, values.byteLength)] as const,
    ),
    ['version', Buffer.from('3\n')],
  ]
  return encodeZip(
    members.map(([name, content]) => [`model/${name}`, content]),
    comment,
  )
}

/** The operations of the pickle protocol that a state dict needs (CPython, Lib/pickletools.py). */
const op = {
  protocol: Buffer.from([0x80, 2]),
  emptyDictionary: Buffer.from('}'),
  emptyTuple: Buffer.from(')'),
  mark: Buffer.from('('),
  tuple: Buffer.from('t'),
  reduce: Buffer.from('R'),
  persistentId: Buffer.from('Q'),
  isFalse: Buffer.from([0x89]),
  setItems: Buffer.from('u'),
  stop: Buffer.from('.'),
}

function pickleOf(tensors: readonly NamedArray[]): Buffer {
  const items = tensors.flatMap((tensor, index) => [text(tensor.name), ...tensorCode(tensor, index)])
  return Buffer.concat([op.protocol, op.emptyDictionary, op.mark, ...items, op.setItems, op.stop])
}

/** The call `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)`. */
function tensorCode({ shape, values }: NamedArray, index: number): Buffer[] {
  const strides = stridesOf(shape)
  const storage = tuple(
    text('storage'),
    global('torch', 'FloatStorage'),
    text(String(index)),
    text('cpu'),
    integer(values.length),
  )
  return [
    global('torch._utils', '_rebuild_tensor_v2'),
    tuple(
      storage,
      op.persistentId,
      integer(0),
      tuple(...shape.map(integer)),
      tuple(...strides.map(integer)),
      op.isFalse,
      global('collections', 'OrderedDict'),
      op.emptyTuple,
      op.reduce,
    ),
    op.reduce,
  ]
}

function tuple(...items: readonly Buffer[]): Buffer {
  return Buffer.concat([op.mark, ...items, op.tuple])
}

function global(module: string, name: string): Buffer {
  return Buffer.from(`c${module}\n${name}\n`)
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  const start = Buffer.from('X....')
  start.writeUInt32LE(bytes.length, 1)
  return Buffer.concat([start, bytes])
}

/** A number below 2^63. */
function integer(value: number): Buffer {
  if (value < 2 ** 31) {
    const code = Buffer.from('J....')
    code.writeInt32LE(value, 1)
    return code
  }
  const code = Buffer.alloc(10)
  code[0] = 0x8a
  code[1] = 8
  code.writeBigInt64LE(BigInt(value), 2)
  return code
}
