/** Supplies the rows of a table to batches: scales numbers and expands categories to ones and zeros. */
import { type CsvFeature } from '../formats/csvPlan.ts'
import { type SampleStream } from './sampleStream.ts'

/** Scales numbers to (value - shift) * scale, per column of numbers. */
export interface NumberScaling {
  readonly shift: Float64Array
  readonly scale: Float64Array
}

/** The cells of a table that are inputs. */
export interface TableCells {
  readonly features: readonly CsvFeature[]
  /** The length of a sample. */
  readonly width: number
  /** The numeric cells of each row, one row after the other. */
  readonly numbers: Float32Array
  /** The category indices of each row, one row after the other. */
  readonly categories: Uint8Array | Uint16Array | Int32Array
}

/**
 * Rows of a table in memory: numbers as float32, and categories by their index alone. Their ones and zeros are written
 * when a sample is requested.
 */
export class TableRows implements SampleStream {
  readonly #cells: TableCells
  readonly #numberCount: number
  readonly #categoryCount: number
  /** The row index of each sample. */
  readonly #rows: Int32Array
  readonly #scaling: NumberScaling | undefined

  constructor(cells: TableCells, rows: Int32Array, scaling?: NumberScaling) {
    this.#cells = cells
    this.#rows = rows
    this.#scaling = scaling
    this.#numberCount = cells.features.filter(({ type }) => type === 'number').length
    this.#categoryCount = cells.features.length - this.#numberCount
  }

  /** Does nothing, since all samples are in memory. */
  prepare(): undefined {
    return undefined
  }

  sample(number: number): Float32Array {
    const values = new Float32Array(this.#cells.width)
    this.#write(number, values, 0)
    return values
  }

  select(numbers: Int32Array): TableRows {
    return new TableRows(
      this.#cells,
      numbers.map((number) => this.#rows[number]!),
      this.#scaling,
    )
  }

  release(): void {}

  everySample(): Float32Array {
    const { width } = this.#cells
    const values = new Float32Array(this.#rows.length * width)
    for (let number = 0; number < this.#rows.length; number++) this.#write(number, values, number * width)
    return values
  }

  /** Returns the values of each numeric column, before scaling. */
  numberColumns(): Float64Array[] {
    const { numbers } = this.#cells
    return Array.from({ length: this.#numberCount }, (_, at) =>
      Float64Array.from(this.#rows, (row) => numbers[row * this.#numberCount + at]!),
    )
  }

  withScaling(scaling: NumberScaling): TableRows {
    return new TableRows(this.#cells, this.#rows, scaling)
  }

  #write(number: number, target: Float32Array, start: number): void {
    const { features, numbers, categories } = this.#cells
    const row = this.#rows[number]!
    let numberAt = 0
    let categoryAt = row * this.#categoryCount
    for (const { type, offset } of features) {
      if (type === 'number') {
        const value = numbers[row * this.#numberCount + numberAt]!
        const scaled = this.#scaling ? (value - this.#scaling.shift[numberAt]!) * this.#scaling.scale[numberAt]! : value
        target[start + offset] = scaled
        numberAt++
      } else {
        const category = categories[categoryAt++]!
        if (type === 'index') target[start + offset] = category
        else target[start + offset + category] = 1
      }
    }
  }
}
