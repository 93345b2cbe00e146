/** What differs between the targets whose scripts are compared: the weights that a script reads, and facts about its network. */
import type { Analysis } from '../../src/analyze.ts'
import { networkOf } from '../../src/backends/pytorch/pytorchTarget.ts'
import type { NumberArray } from '../../src/backends/pytorch/layers/state.ts'
import { stateDictOf } from '../../src/backends/pytorch/stateDict.ts'
import type { PythonTargetName } from '../../src/backends/targetNames.ts'
import type { Program } from '../../src/program/program.ts'
import { encodeNpz, type NamedArray } from '../../src/tasks/export/npz.ts'
import { encodeTorchFile } from '../../src/tasks/export/torchFile.ts'

/** The weights of each layer of a spec, in the order of tf.layers. */
export type LayerWeights = ReadonlyMap<string, readonly NumberArray[]>

export interface ScriptTarget {
  /** The program that builds and runs scripts, in this folder. */
  readonly runner: string
  /** The ending of the files that `--weights` reads. */
  readonly ending: string
  readonly encode: (arrays: readonly NamedArray[], comment: string) => Promise<Buffer[]>
  /** The weights with the names and the order of axes that the script has. */
  readonly weightsOf: (weights: LayerWeights, analysis: Analysis, program: Program) => readonly NamedArray[]
  /** What the runner has to know of the network. */
  readonly factsOf?: (analysis: Analysis, program: Program) => object
}

export const scriptTargets: Readonly<Record<PythonTargetName, ScriptTarget>> = {
  keras: {
    runner: 'kerasScripts.py',
    ending: 'npz',
    encode: encodeNpz,
    weightsOf: (weights) =>
      [...weights].flatMap(([layer, arrays]) =>
        arrays.map((array, index) => ({ name: `${layer.replaceAll('/', '_')}/${index}`, ...array })),
      ),
  },
  pytorch: {
    runner: 'pytorchScripts.py',
    ending: 'pt',
    encode: encodeTorchFile,
    weightsOf: (weights, analysis, program) => stateDictOf(analysis, program, (layer) => weights.get(layer) ?? []),
    factsOf(analysis, program) {
      const { network, logits } = networkOf(analysis, program)
      return {
        moved: network.inputs.map(({ layout }) => layout === 'moved'),
        activations: network.outputs.map((name) => logits.get(name) ?? 'linear'),
      }
    },
  },
}
