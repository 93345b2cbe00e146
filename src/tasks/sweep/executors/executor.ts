/** The interface of what runs the units of a sweep: processes of this machine, a scheduler, or a cluster. */

/** A unit as a command, which any scheduler can run: one spec, one folder, one exit code. */
export interface UnitCommand {
  readonly unit: number
  /** The program and its arguments, such as `['node', 'bin.cjs', 'train', …]`. */
  readonly command: readonly string[]
  /** The run folder of its trial. */
  readonly folder: string
  /** The file that its output is appended to. */
  readonly log: string
}

export type UnitStatus =
  | { readonly state: 'pending' }
  | { readonly state: 'running'; readonly host: string; readonly pid?: number }
  | { readonly state: 'ended'; readonly exitCode: number; readonly seconds?: number }
  /** Ended by a signal, such as a kill because of missing memory. */
  | { readonly state: 'ended'; readonly signal: string; readonly seconds?: number }
  /** The executor no longer knows the unit, such as after the loss of a node. */
  | { readonly state: 'lost' }

export interface Executor {
  readonly name: 'local' | 'slurm' | 'ray'
  /**
   * Accepts units in this order, at most `limit` of them running at once. May be called again with further units.
   *
   * @throws KnownError if the executor cannot run them at all.
   */
  submit(units: readonly UnitCommand[], limit: number): Promise<void>
  /** The status of each submitted unit. */
  status(): Promise<ReadonlyMap<number, UnitStatus>>
  /** Ends all units: those that run save a checkpoint first, those that are pending never start. */
  cancel(): Promise<void>
  /** The output of a unit so far. */
  logs(unit: number): Promise<string>
}
