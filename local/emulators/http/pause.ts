/** Lets callers wait while it lasts. */
export class Pause {
  #over = Promise.resolve()
  #release: (() => void) | undefined

  /** Resolves once no pause is in effect. */
  over(): Promise<void> {
    return this.#over
  }

  /** Idempotent. */
  begin(): void {
    if (this.#release !== undefined) return
    this.#over = new Promise((resolve) => {
      this.#release = resolve
    })
  }

  end(): void {
    this.#release?.()
    this.#release = undefined
  }
}
