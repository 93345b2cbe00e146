/** Prints the manifest of a sweep for Kubernetes: an Indexed Job for each rung. Nothing is submitted. */
import { stringify } from 'yaml'
import { stagesOf } from './stages.ts'
import type { Unit } from '../units.ts'

export interface KubernetesOptions {
  readonly name: string
  /** The sweep folder, relative to the project folder. */
  readonly folder: string
  readonly units: readonly Unit[]
  /** The number of pods that run at once. */
  readonly limit: number
  /** The processors of each pod. */
  readonly cpus: number
  /** An image with the command `shapewright`. */
  readonly image: string
  /** The volume claim that contains the project folder. */
  readonly claim: string
}

/** Returns YAML documents. Kubernetes has no order of jobs, so those of later rungs are suspended. */
export function printKubernetesJobs(options: KubernetesOptions): string {
  const stages = stagesOf(options.units)
  const jobs = stages.map(({ offset, units }, index) => {
    const name = jobName(options.name) + (stages.length === 1 ? '' : `-${index + 1}`)
    const job = stringify(jobOf(name, offset, units.length, index > 0, options))
    return index === 0
      ? job
      : `# Start it when the job before has ended: kubectl patch job ${name} -p '{"spec":{"suspend":false}}'\n${job}`
  })
  return jobs.join('---\n')
}

function jobOf(name: string, offset: number, completions: number, suspend: boolean, options: KubernetesOptions) {
  const { folder, limit, cpus, image, claim } = options
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      completions,
      parallelism: Math.min(limit, completions),
      completionMode: 'Indexed',
      ...(suspend && { suspend }),
      // A trial that failed is not tried again; a pod that was lost or evicted is.
      backoffLimitPerIndex: 5,
      maxFailedIndexes: completions,
      podReplacementPolicy: 'Failed',
      podFailurePolicy: {
        rules: [
          { action: 'FailIndex', onExitCodes: { containerName: 'trial', operator: 'In', values: [1, 2, 3] } },
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
        ],
      },
      template: {
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 60,
          containers: [
            {
              name: 'trial',
              image,
              workingDir: '/project',
              command: [
                '/bin/sh',
                '-c',
                `exec shapewright sweep "$0" --unit "$((JOB_COMPLETION_INDEX + ${offset}))"`,
                folder,
              ],
              resources: { requests: { cpu: `${cpus}` } },
              volumeMounts: [{ name: 'project', mountPath: '/project' }],
            },
          ],
          volumes: [{ name: 'project', persistentVolumeClaim: { claimName: claim } }],
        },
      },
    },
  }
}

/** A name that Kubernetes accepts: lower case letters, digits and -, at most 63 characters with a number after it. */
function jobName(name: string): string {
  return `sweep-${name}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
    .slice(0, 55)
    .replace(/-+$/, '')
}
