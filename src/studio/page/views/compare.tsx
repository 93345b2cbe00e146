/** The runs of the folder as a table, their curves over each other, and the difference of two of them. */
import { useSignal, type Signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { RunRow } from '../../../report/run/runsTable.ts'
import type { Comparison } from '../../../report/diff/compareModels.ts'
import type { RunList, RunView } from '../../calls.ts'
import { Curves } from '../compare/curves.tsx'
import { Differences } from '../compare/differences.tsx'
import { colours, RunTable } from '../compare/runTable.tsx'
import { Sweep } from '../compare/sweep.tsx'
import { isTrial } from '../isTrial.ts'
import { saveFile } from '../saveFile.ts'
import { messageOf } from '../messageOf.ts'
import type { Session } from '../session.ts'
import { trainingOf } from '../training.ts'
import { NoRuns } from '../noRuns.tsx'
import { Notice } from '../notice.tsx'
import type { ViewProps } from '../viewProps.ts'

export function CompareView({ session }: ViewProps) {
  const state: CompareState = {
    list: useSignal(undefined),
    chosen: useSignal([]),
    read: useSignal(new Map()),
    difference: useSignal(undefined),
    problem: useSignal(undefined),
  }
  useRunList(session, state)
  useChosenRuns(session, state)
  const { list, chosen, read, difference, problem } = state
  if (list.value?.rows.length === 0 && list.value.damaged.length === 0)
    return <NoRuns session={session} text="There are no runs yet: train a spec, and its run is listed here." />
  return (
    <div class="view compare-view">
      <Notice problem={problem} />
      {list.value?.damaged.map(({ message, help }, index) => (
        <p class="notice" key={index}>
          {message} {help}
        </p>
      ))}
      <Runs session={session} state={state} />
      {list.value?.warning && (
        <p class="quiet">
          {list.value.warning.message}: {list.value.warning.help}.
        </p>
      )}
      <Curves runs={chosen.value.flatMap((folder) => read.value.get(folder) ?? [])} />
      {difference.value ? (
        <Differences comparison={difference.value} />
      ) : (
        <p class="quiet">Choose two runs to see how their specs and results differ.</p>
      )}
    </div>
  )
}

interface CompareState {
  /** The runs of the folder; undefined until they are listed. */
  readonly list: Signal<RunList | undefined>
  /** The folders of the chosen runs and trials, in the order of their choice. */
  readonly chosen: Signal<readonly string[]>
  /** The chosen runs as they were read, by their folders. */
  readonly read: Signal<ReadonlyMap<string, RunView>>
  /** The difference of the chosen runs, if there are two. */
  readonly difference: Signal<Comparison | undefined>
  readonly problem: Signal<string | undefined>
}

/** Lists the runs when the view opens and when a training starts or ends, and chooses the newest two. */
function useRunList(session: Session, { list, chosen, problem }: CompareState): void {
  const { runs } = session.backend
  const { status } = trainingOf(session).value
  useEffect(() => {
    runs.list({}).then(
      (found) => {
        list.value = found
        if (chosen.value.length === 0) chosen.value = newestRuns(found)
      },
      (error: unknown) => (problem.value = messageOf(error)),
    )
  }, [runs, status])
}

/** Reads the chosen runs, and compares them if there are two. */
function useChosenRuns({ backend: { runs } }: Session, state: CompareState): void {
  const { list, chosen, read, difference, problem } = state
  useEffect(() => {
    difference.value = undefined
    const [before, after] = chosen.value
    let isOld = false
    const fail = (error: unknown) => (problem.value = messageOf(error))
    const reading = chosen.value.map(async (folder) => [folder, await runs.read({ folder })] as const)
    Promise.all(reading).then((found) => !isOld && (read.value = new Map(found)), fail)
    if (before !== undefined && after !== undefined && chosen.value.length === 2)
      runs.diff({ before, after }).then((found) => !isOld && (difference.value = found), fail)
    return () => void (isOld = true)
  }, [runs, chosen.value, list.value])
}

/** A table of the runs, and one for the trials of each sweep. */
function Runs({ session, state: { list, chosen, problem } }: ViewProps & { readonly state: CompareState }) {
  const { runs } = session.backend
  const rows = list.value?.rows ?? []
  const sweeps = rows.flatMap(({ folder, trials }) => (trials === undefined ? [] : [folder]))
  const toggle = (folder: string) => {
    const others = chosen.value.filter((one) => one !== folder)
    chosen.value = others.length < chosen.value.length ? others : [...others, folder].slice(-colours.length)
  }
  const download = async (folder: string) => {
    try {
      saveFile(`${folder.split('/').at(-1)}.zip`, await runs.download!(folder))
    } catch (error) {
      problem.value = messageOf(error)
    }
  }
  return (
    <>
      <div class="scroll">
        <RunTable
          rows={rows.filter((row) => !isOfSweep(row, sweeps))}
          chosen={chosen.value}
          onToggle={toggle}
          onDownload={runs.download && download}
        />
      </div>
      {sweeps.map((folder) => (
        <Sweep
          key={folder}
          session={session}
          folder={folder}
          chosen={chosen.value}
          colourOf={(run) => colours[chosen.value.indexOf(run)]!}
          onToggle={toggle}
        />
      ))}
    </>
  )
}

/** Whether a row is shown as a part of a sweep. */
function isOfSweep({ folder }: RunRow, sweeps: readonly string[]): boolean {
  return sweeps.some((sweep) => folder.startsWith(`${sweep}/`))
}

/** The newest two runs that have been trained; trials of sweeps, of which there may be many, only if there are no others. */
function newestRuns({ rows }: RunList): string[] {
  const trained = rows.filter(({ trials, epochs }) => trials === undefined && epochs > 0).map(({ folder }) => folder)
  const runs = trained.filter((folder) => !isTrial(folder))
  return (runs.length > 0 ? runs : trained).slice(-2)
}
