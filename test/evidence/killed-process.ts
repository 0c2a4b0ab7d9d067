import type { LogStore } from '../../shared/evidence/log-store.ts'
import type { SealedArchive } from '../../shared/evidence/seal/seal-ports.ts'

/** What a killed process throws at whoever waits for it. */
export class Killed extends Error {
  override readonly name = 'Killed'
}

/** Ends a process at one of its steps: before the step takes effect, or after. */
export class Process {
  #steps = 0
  readonly #killedAt: number
  readonly #takesEffect: boolean

  constructor(killedAt: number, takesEffect: boolean) {
    this.#killedAt = killedAt
    this.#takesEffect = takesEffect
  }

  async step<T>(work: () => Promise<T>): Promise<T> {
    this.#steps += 1
    if (this.#steps < this.#killedAt) return work()
    if (this.#steps === this.#killedAt && this.#takesEffect) await work()
    throw new Killed()
  }
}

/**
 * A process's view of archive and log: each call is one of its steps.
 * @param turn waited for before each step
 */
export function seenBy(
  process: Process,
  archive: SealedArchive,
  log: LogStore,
  turn: (what: string) => Promise<unknown> = async () => undefined,
) {
  const step = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    await turn(what)
    return process.step(work)
  }
  const seenLog: LogStore = {
    read: (name) => step(`read ${name}`, () => log.read(name)),
    create: (name, content) => step(`create ${name}`, () => log.create(name, content)),
    put: (name, content) => step(`put ${name}`, () => log.put(name, content)),
    advance: (name, content, isNewer) => step(`advance ${name}`, () => log.advance(name, content, isNewer)),
    names: (prefix) => log.names(prefix),
  }
  const seenArchive: SealedArchive = {
    days: () => step('days', () => archive.days()),
    blobsOf: (day) => archive.blobsOf(day),
    read: (name) => step('read blob', () => archive.read(name)),
  }
  return { seenLog, seenArchive }
}
