/**
 * What Azurite's process runs before Azurite: it shuts down when its standard input closes, which
 * the operating system does for us however our own process ends. A closing pipe is the one signal
 * that also SIGKILL of the parent sends. The listeners that Azurite has for SIGTERM write its data
 * and close its servers; without them (still starting) it just leaves, and two seconds are the
 * limit in any case.
 */
const SOURCE = `
const leave = () => {
  if (!process.emit('SIGTERM')) process.exit(0)
  setTimeout(() => process.exit(0), 2000).unref()
}
process.stdin.on('end', leave).on('error', leave).resume()
process.stdin.unref?.()
`

/**
 * The module above as an address for `node --import`: no file of ours has to lie beside a bundle.
 */
export const DIE_WITH_PARENT = `data:text/javascript,${encodeURIComponent(SOURCE)}`
