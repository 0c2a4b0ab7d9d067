/** A progress line that replaces itself on a terminal, and is silent elsewhere. */
export interface Progress {
  show(text: string): void
  /** Ends the line, so that what follows starts on a new one. */
  done(): void
}

const CLEAR_LINE = '\r\u001b[K'

export function progressOn(stream: NodeJS.WriteStream): Progress {
  let shown = false
  return {
    show(text) {
      if (!stream.isTTY) return
      stream.write(`${CLEAR_LINE}${text.slice(0, Math.max(20, stream.columns - 1))}`)
      shown = true
    },
    done() {
      if (shown) stream.write(CLEAR_LINE)
      shown = false
    },
  }
}
