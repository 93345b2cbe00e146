/** Runs TensorFlow graphs in sessions of tfjs-node. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NativeTensor, type NodeBackend } from '../engines/nodeBackend.ts'
import { graphTag } from './savedModel.ts'

/** The nodes of a graph that a call feeds, and those whose first outputs it returns. */
export interface GraphCall {
  readonly feeds: readonly string[]
  readonly fetches: readonly string[]
}

/** A graph that is loaded into libtensorflow, with its variables. */
export class GraphSession {
  readonly backend: NodeBackend
  readonly #session: number

  /** @throws Error if libtensorflow refuses the graph, or the temporary folder cannot be written. */
  constructor(backend: NodeBackend, savedModel: Uint8Array) {
    this.backend = backend
    const folder = mkdtempSync(join(tmpdir(), 'shapewright-step-'))
    try {
      writeFileSync(join(folder, 'saved_model.pb'), savedModel)
      this.#session = backend.binding.loadSavedModel(folder, graphTag)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

  /** Returns a function that runs a call with the numbers of tensors for its feeds. Its results are the caller's. */
  prepare({ feeds, fetches }: GraphCall): (inputs: readonly number[]) => readonly NativeTensor[] {
    const { binding } = this.backend
    const [given, wanted] = [feeds, fetches].map((nodes) => nodes.map((node) => `${node}:0`).join(','))
    return (inputs) => binding.runSavedModel(this.#session, inputs, given!, wanted!)
  }

  dispose(): void {
    this.backend.binding.deleteSavedModel(this.#session)
  }
}
