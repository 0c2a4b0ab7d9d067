import type { Behaviour } from '../stack/behaviours.ts'
import type { SinkState } from './stack-state.ts'

/** A sink that takes nothing for this long while something is pending is down, not slow. */
const QUIET_MS = 10_000

/** Distinguishes a sink that is behind from one that is down, by whether it takes anything. */
export class SinkProgress {
  #taken = 0
  #lastTakenAtMs = 0

  /**
   * @param taken events that the receiver has stored so far
   * @param pending whether anything is pending for it
   * @param behaviour how it was told to behave, if it was
   */
  state(
    taken: number,
    pending: boolean,
    behaviour: Behaviour | undefined,
    nowMs: number,
  ): SinkState['state'] {
    if (taken > this.#taken || !pending) this.#lastTakenAtMs = nowMs
    this.#taken = taken
    if (behaviour === 'down' || behaviour === 'refusing') return 'down'
    if (!pending) return 'up'
    return nowMs - this.#lastTakenAtMs < QUIET_MS ? 'catchingUp' : 'down'
  }
}
