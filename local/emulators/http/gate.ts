/** Callers of `pass` wait while it is shut. */
export class Gate {
  #passage = Promise.resolve()
  #release: (() => void) | undefined

  pass(): Promise<void> {
    return this.#passage
  }

  /** Idempotent. */
  shut(): void {
    if (this.#release !== undefined) return
    this.#passage = new Promise((resolve) => {
      this.#release = resolve
    })
  }

  open(): void {
    this.#release?.()
    this.#release = undefined
  }
}
