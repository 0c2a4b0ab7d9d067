import { type ReceiverStep, refuse, resetBeforeStoring, slow } from '../emulators/http/receiver-step.ts'

/** How a receiver of the stack can be told to behave. */
export const BEHAVIOURS = ['healthy', 'slow', 'refusing', 'down'] as const
export type Behaviour = (typeof BEHAVIOURS)[number]

const SLOW_MS = 3000

/** What it then does with every request; `undefined`: nothing unusual. */
export function stepOf(behaviour: Behaviour): ReceiverStep | undefined {
  switch (behaviour) {
    case 'healthy':
      return undefined
    case 'slow':
      return slow(SLOW_MS)
    case 'refusing':
      return refuse(403)
    case 'down':
      return resetBeforeStoring
  }
}
