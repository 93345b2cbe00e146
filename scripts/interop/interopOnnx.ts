/**
 * `npm run interop -- onnx`: exports the configs and the zoo to ONNX, runs the files in ONNX Runtime, and imports them again.
 * Then imports networks that PyTorch and Keras write, where the Python has these. Outputs have to be equal within 1e-5.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as tf from '@tensorflow/tfjs'
import { encodeNetwork } from '../../src/backends/onnx/encodeNetwork.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { listNpzArrays, readNpzArray } from '../../src/runtime/formats/npz.ts'
import { readOnnx, type OnnxImport } from '../../src/tasks/import/onnx/readOnnx.ts'
import { buildImported } from './importedNetworks.ts'
import { tolerances } from './compareScripts.ts'
import { drawNetwork } from './drawNetwork.ts'
import type { InteropOptions, InteropReport } from './interop.ts'
import { publishedCases } from './networkCases.ts'
import { pickGroups } from './pickGroups.ts'
import { findOrMakePython } from './pythons.ts'
import { numbered, writeArrays } from './savedArrays.ts'

const models = fileURLToPath(new URL('onnxModels.py', import.meta.url))

/** @param options `keep` is a folder whose files, of an earlier run, are used again. */
export async function run({ python: stated, only, keep }: InteropOptions): Promise<InteropReport> {
  const python = stated ?? findOrMakePython('onnx')
  await startEngine('wasm')
  const root = keep ?? mkdtempSync(join(tmpdir(), 'shapewright-interop-'))
  const groups = {
    specs: writeSpecs,
    models: (folder: string) =>
      readdirSync(folder).length > 0 ||
      execFileSync(python, [models, 'write', folder], { stdio: ['ignore', 'ignore', 'pipe'] }),
  }
  const rows: string[] = []
  const faults: string[] = []
  for (const [group, write] of pickGroups(groups, only)) {
    const folder = join(root, group)
    mkdirSync(folder, { recursive: true })
    await write(folder)
    execFileSync(python, [models, 'run', folder], { stdio: ['ignore', 'ignore', 'pipe'] })
    const files = readdirSync(folder).filter((file) => file.endsWith('.onnx'))
    const equal = []
    for (const file of files) {
      const { exported = 0, imported, note } = await compare(join(folder, file))
      const line = `${file}: exported ${exported.toExponential(1)}, imported ${imported.toExponential(1)}${note}`
      process.stderr.write(`  ${line}\n`)
      if (Math.max(imported, exported) <= tolerances.outputs) equal.push(Math.max(imported, exported))
      else faults.push(`APART: ${line}`)
    }
    rows.push(`| ${group} | ${equal.length} | ${files.length} | ${Math.max(0, ...equal).toExponential(1)} |`)
  }
  if (keep === undefined) rmSync(root, { recursive: true })
  const table = ['| files | equal | compared | largest difference |', '| --- | --- | --- | --- |', ...rows].join('\n')
  return { table, faults }
}

/** Writes the configs and the zoo, each with inputs and what it computes, unless the folder has them. */
async function writeSpecs(folder: string): Promise<void> {
  for (const { name, analysis } of publishedCases()) {
    const stem = join(folder, name.replaceAll(/^configs\/|\.yaml$/g, '').replaceAll('/', '-'))
    if (existsSync(`${stem}.own.npz`)) continue
    const { program, model, inputs } = drawNetwork(analysis)
    const outputs = [model.predict([...inputs])].flat()
    writeFileSync(`${stem}.onnx`, encodeNetwork(program, model, undefined, '1.0.0'))
    await writeArrays(`${stem}.inputs.npz`, numbered(inputs))
    await writeArrays(`${stem}.own.npz`, numbered(outputs))
    tf.dispose([...inputs, ...outputs])
    model.dispose()
  }
}

interface Compared {
  /** The difference of the network that was exported from ONNX Runtime; undefined for files of others. */
  readonly exported?: number
  readonly imported: number
  readonly note: string
}

async function compare(path: string): Promise<Compared> {
  const stem = path.replace(/\.onnx$/, '')
  const wanted = await readArrays(`${stem}.outputs.npz`)
  const own = existsSync(`${stem}.own.npz`) ? await readArrays(`${stem}.own.npz`) : undefined
  const exported = own && { exported: largestDifference(own, wanted) }
  const read = readOnnx(readFileSync(path), path)
  const [problem] = read.problems
  if (problem) return { ...exported, imported: Number.NaN, note: `, ${problem.place}: ${problem.message}` }
  const { model } = buildImported(read)
  const found = predict(read, model, await readArrays(`${stem}.inputs.npz`))
  const imported = largestDifference(found, wanted)
  const note = `, ${read.network.layers.length} layers, ${model.countParams()} parameters`
  model.dispose()
  return { ...exported, imported, note }
}

/** What an imported network computes, with the axes of the tensors in the file. */
function predict({ layouts, network }: OnnxImport, model: tf.LayersModel, inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const axes = [...layouts.values()]
  const given = inputs.map((input, index) =>
    tf.transpose(
      input,
      axes[index]!.map((_axis, place) => axes[index]!.indexOf(place)),
    ),
  )
  const outputs = [model.predict(given)].flat()
  return outputs.map((output, index) =>
    tf.transpose(output, axes[axes.length - network.outputs.length + index] as number[]),
  )
}

async function readArrays(path: string): Promise<tf.Tensor[]> {
  const names = listNpzArrays(path).toSorted((a, b) => Number(a) - Number(b))
  const arrays = await Promise.all(names.map((name) => readNpzArray(path, name, Float32Array)))
  return arrays.map(({ data, shape }) => tf.tensor(Float32Array.from(data), [...shape]))
}

/** ‖a − b‖ / ‖b‖. */
function largestDifference(found: readonly tf.Tensor[], wanted: readonly tf.Tensor[]): number {
  const differences = wanted.map((tensor, index) =>
    tf.tidy(() => {
      const other = found[index]
      if (other?.shape.join() !== tensor.shape.join()) return Number.POSITIVE_INFINITY
      return tf.div(tf.norm(tf.sub(other, tensor)), tf.norm(tensor)).dataSync()[0]!
    }),
  )
  return Math.max(...differences)
}
