// A table of rows is a list of addresses. With it, a matrix product reads the windows of a convolution in the images,
// without copying them into a matrix.

/** Writes the table [batch * outHeight * outWidth] of the start addresses of a convolution's windows in the padded images. */
export function windowRows(
  table: usize, images: usize,
  batch: i32, height: i32, width: i32, channels: i32,
  outHeight: i32, outWidth: i32, strideY: i32, strideX: i32,
): void {
  const step = <usize>strideX * channels * 4
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < outHeight; y++) {
      let address = images + (<usize>n * height + y * strideY) * width * channels * 4
      for (let x = 0; x < outWidth; x++) {
        store<usize>(table, address)
        address += step
        table += 4
      }
    }
  }
}

/** Writes the table [rows] of the addresses of a matrix's rows, `columns` elements apart. */
export function matrixRows(table: usize, matrix: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row++) {
    store<usize>(table, matrix)
    matrix += <usize>columns * 4
    table += 4
  }
}
