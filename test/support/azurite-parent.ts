import { startAzurite } from '../../local/azurite/azurite.ts'

/** A process that starts Azurite, says its process id and ends, or waits to be ended, as its argument says. */
const end = process.argv[2] ?? ''
const azurite = await startAzurite()
if (end.endsWith('paused')) await azurite.pause()
process.stdout.write(`${azurite.pid}\n`, () => {
  if (end === 'exit') process.exit(0)
  if (end === 'throw') throw new Error('The parent fails.')
})
setInterval(() => undefined, 1_000)
