import { pathToFileURL } from 'node:url'
import { checkoutPath } from '../../stack/package-root.ts'

export const MEMORY_SIGNAL = 'SIGUSR2'
/** Log level of the answer, which nothing else uses. */
export const MEMORY_LEVEL = 'none'
const ANSWER_TIMEOUT_MS = 10_000

/** Node option that loads the measuring code into the host's process. */
export const memoryOption = (): string =>
  `--import=${pathToFileURL(checkoutPath('dist/local/checks/load/host-memory.js')).href}`

/** Measures a host's live memory: heap after garbage collection, and external memory. */
export class LiveMemory {
  #answered: (bytes: number) => void = () => undefined

  /** Call with every log line of the host. */
  onLog(level: string, line: string): void {
    if (level === MEMORY_LEVEL) this.#answered(Number(line))
  }

  /** @returns MB */
  async ask(pid: number): Promise<number> {
    const answer = new Promise<number>((resolve, reject) => {
      this.#answered = resolve
      const late = (): void => reject(new Error('The host did not report its live memory.'))
      setTimeout(late, ANSWER_TIMEOUT_MS).unref()
    })
    process.kill(pid, MEMORY_SIGNAL)
    return Math.round((await answer) / 1024 / 102.4) / 10
  }
}
