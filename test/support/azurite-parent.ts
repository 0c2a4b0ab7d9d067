import { startAzurite } from '../../local/emulators/azurite/azurite.ts'

/**
 * A process that starts Azurite, pauses it where its argument says so, says its process id, and
 * exits when it gets SIGUSR2, or is ended.
 */
const azurite = await startAzurite()
if (process.argv[2]?.endsWith('paused')) await azurite.pause()
process.on('SIGUSR2', () => process.exit(0))
process.stdout.write(`${azurite.pid}\n`)
setInterval(() => undefined, 1_000)
