/** The name and the docstring of a Python script. */
import type { Program } from '../../program/program.ts'

/** `mnist-cnn` → `mnist_cnn_keras.py`, which Python can import. */
export function pythonFileName(name: string, target: string): string {
  return `${name.replaceAll(/\W/g, '_')}_${target}.py`
}

/** One line for the docstring. */
export function summaryOf({ name, params }: Program): string {
  return `${name.replaceAll(/[^\w .-]/g, '_')}: ${params.toLocaleString('en-US')} parameters.`
}
