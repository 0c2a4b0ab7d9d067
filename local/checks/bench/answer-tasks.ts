/** Performs each task that the parent process sends, and ends when it does. */
export function answerTasks<Task>(perform: (task: Task) => Promise<object>): void {
  process.on('message', (task: Task) => {
    perform(task).then(
      (answer) => process.send?.(answer),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`)
        process.exit(1)
      },
    )
  })
  process.once('disconnect', () => process.exit(0))
}
