/** Lets everything pass, until it is shut; then nothing, until it is opened. */
export class Gate {
  #passage = Promise.resolve()
  #release: (() => void) | undefined

  /** Resolves when the gate is open. */
  pass(): Promise<void> {
    return this.#passage
  }

  /** A gate that is shut stays so. */
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
