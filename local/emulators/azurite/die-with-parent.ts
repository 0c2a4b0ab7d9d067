/**
 * Runs before Azurite in its process: shuts it down when standard input closes, which the operating
 * system does however our process ends, SIGKILL included. Azurite's SIGTERM listeners write its
 * data and close its servers; if there are none yet, the process just exits. Limit: two seconds.
 */
const SOURCE = `
const leave = () => {
  if (!process.emit('SIGTERM')) process.exit(0)
  setTimeout(() => process.exit(0), 2000).unref()
}
process.stdin.on('end', leave).on('error', leave).resume()
process.stdin.unref?.()
`

/** The module above as a URL for `node --import`, so that no file has to accompany a bundle. */
export const DIE_WITH_PARENT = `data:text/javascript,${encodeURIComponent(SOURCE)}`
