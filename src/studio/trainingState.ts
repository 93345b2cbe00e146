/** Derives the state of a training from its events, in the server and in the page. */
import type { TrainingEvent, TrainingPoint, TrainingState } from './calls.ts'

export const idleState: TrainingState = { status: 'idle', points: [], epochs: [], notes: [] }

/** The number of points from which every second one is left out. */
const mostPoints = 2000

export function applyTrainingEvent(state: TrainingState, event: TrainingEvent): TrainingState {
  switch (event.kind) {
    case 'started':
      return { ...idleState, status: 'starting', spec: event.spec }
    case 'engine':
      return { ...state, engine: event.name }
    case 'run':
      return { ...state, run: event.folder }
    case 'plan':
      return { ...state, plan: event.plan, status: state.status === 'starting' ? 'training' : state.status }
    case 'progress': {
      const { kind: _kind, point, ...progress } = event
      return { ...state, progress, points: point ? addPoint(state.points, point) : state.points }
    }
    case 'epoch':
      return { ...state, epochs: [...state.epochs, event.logs] }
    case 'confusion': {
      const { kind: _kind, ...confusion } = event
      return { ...state, confusion }
    }
    case 'paused':
      return { ...state, status: 'paused' }
    case 'proceeded':
      return { ...state, status: 'training' }
    case 'stopping':
    case 'evaluating':
      return { ...state, status: event.kind }
    case 'note':
      return { ...state, notes: [...state.notes, event.text] }
    case 'test':
      return { ...state, test: event.logs }
    case 'ended':
      return { ...state, status: event.status, ...(event.problem && { problem: event.problem }) }
  }
}

/** Whether an event still counts: a training that is stopping stays so until it has ended. */
export function acceptsEvent(state: TrainingState, { kind }: TrainingEvent): boolean {
  const isLate = state.status === 'stopping' && ['paused', 'proceeded', 'evaluating'].includes(kind)
  return kind === 'started' || (isActive(state) && !isLate)
}

/** Whether a process trains. */
export function isActive({ status }: Pick<TrainingState, 'status'>): boolean {
  return !['idle', 'finished', 'stopped', 'failed'].includes(status)
}

function addPoint(points: readonly TrainingPoint[], point: TrainingPoint): TrainingPoint[] {
  const kept = points.length < mostPoints ? points : points.filter((_, index) => index % 2 === 1)
  return [...kept, point]
}
