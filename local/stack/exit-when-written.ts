/** Ends the process once a reader at the other end of a pipe has received all output. */
export function exitWhenWritten(code: number): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
}
