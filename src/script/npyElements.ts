/** Readers of an element, by NumPy's type names: kind and bytes. */
export const npyElements: Readonly<Record<string, (view: DataView, at: number, isLittle: boolean) => number | bigint>> =
  {
    u1: (view, at) => view.getUint8(at),
    i1: (view, at) => view.getInt8(at),
    u2: (view, at, isLittle) => view.getUint16(at, isLittle),
    i2: (view, at, isLittle) => view.getInt16(at, isLittle),
    u4: (view, at, isLittle) => view.getUint32(at, isLittle),
    i4: (view, at, isLittle) => view.getInt32(at, isLittle),
    u8: (view, at, isLittle) => view.getBigUint64(at, isLittle),
    i8: (view, at, isLittle) => view.getBigInt64(at, isLittle),
    f4: (view, at, isLittle) => view.getFloat32(at, isLittle),
    f8: (view, at, isLittle) => view.getFloat64(at, isLittle),
  }
