import type { HubMessage } from '../../emulators/functions-host/event-hub/hub-message.ts'
import { answerTasks } from './answer-tasks.ts'
import type { Floor, FloorTask } from './counts.ts'
import { floor as plainFloor } from './floor.ts'
import { floorWithDigestsAndRequests } from './floor-with-digests-and-requests.ts'
import { type Post, poster } from './poster.ts'
import { timedBatches } from './timed-batches.ts'

/** Connections are kept from one task to the next. */
let post: Post | undefined

type Handle = (batch: readonly HubMessage[]) => Promise<void>

function handleOf(floor: Floor): Handle {
  switch (floor.kind) {
    case 'plain':
      return plainFloor
    case 'withDigestsAndRequests':
      post ??= poster(floor.targets.caPem)
      return floorWithDigestsAndRequests(post, floor.targets, floor.requests)
  }
}

/** The floors in a process of their own: no limit of the handler's heap holds for them. */
answerTasks((task: FloorTask) => {
  const handle = handleOf(task.floor)
  return timedBatches(task, (batch) => () => handle(batch))
})
