import { startAzurite } from '../../local/emulators/azurite/azurite.ts'

/**
 * A process that starts Azurite, says its process id, and ends as its argument says when it gets
 * SIGUSR2, or is ended.
 */
const end = process.argv[2] ?? ''
const azurite = await startAzurite()
if (end.endsWith('paused')) await azurite.pause()
process.on('SIGUSR2', () => {
  if (end === 'exit') process.exit(0)
  throw new Error('The parent fails.')
})
process.stdout.write(`${azurite.pid}\n`)
setInterval(() => undefined, 1_000)
