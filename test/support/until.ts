/**
 * Polls every 10 ms until the condition holds; fails after `timeoutMs`. For what only real
 * processes can show.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  what: () => string = () => condition.toString(),
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${what()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
