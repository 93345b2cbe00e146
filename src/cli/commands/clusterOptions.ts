/** The options of `sweep` for clusters. */
import { choice, list, number, on, text, wholeNumber, withDefault } from './declareCommand.ts'

export const clusterOptions = {
  executor: withDefault(choice('<name>', 'where trials run', ['local', 'slurm', 'ray', 'kubernetes']), 'local'),
  cpus: withDefault(number('<n>', 'the processors of each trial on a cluster', wholeNumber(1)), 1),
  sbatch: list('<option>', 'an option of sbatch, such as partition=gpu; may be repeated'),
  rayAddress: text('<url>', 'the dashboard of Ray; the default is RAY_ADDRESS, then http://127.0.0.1:8265'),
  image: text('<name>', 'for Kubernetes: an image with the command shapewright'),
  claim: text('<name>', 'for Kubernetes: the volume claim with the project folder'),
  dryRun: on(
    'print the job script of Slurm, or the manifest for Kubernetes, and submit nothing; elsewhere the same as --plan',
  ),
  cancel: on('cancel the tasks of the sweep on Slurm; running trials save checkpoints'),
}
