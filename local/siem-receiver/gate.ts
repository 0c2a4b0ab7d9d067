/** Lets everything pass, until it is shut; then nothing, until it is opened. */
export class Gate {
  #passage = Promise.resolve()
  #open = (): void => undefined

  /** Resolves when the gate is open. */
  pass(): Promise<void> {
    return this.#passage
  }

  shut(): void {
    this.open()
    this.#passage = new Promise((resolve) => {
      this.#open = resolve
    })
  }

  open(): void {
    this.#open()
  }
}
