import { isReplicaOf, readReplicaTask } from '../../../src/runtime/threads/replicaOrder.ts'
import { serveReplica } from '../../../src/runtime/threads/serveReplica.ts'
import { twoHeads } from '../twoHeads.ts'
import { balancedExperiment, failingLoss, threadedExperiment } from './threadedExperiment.ts'

/** What the tests' training threads run; `data` says how they are to go wrong. */
const data = readReplicaTask()?.data
if (data === 'exit at start') process.exit(3)
if (isReplicaOf(import.meta.url) && data === 'two heads') void serveReplica(twoHeads())
else if (isReplicaOf(import.meta.url) && data === 'balanced') void serveReplica(balancedExperiment())
else if (isReplicaOf(import.meta.url)) {
  const normalized = data === 'normalized'
  const experiment = threadedExperiment({ normalized })
  void serveReplica(typeof data === 'string' && !normalized ? { ...experiment, loss: failingLoss(data) } : experiment)
}
