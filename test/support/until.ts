/**
 * Polls until the condition holds, and ever less often: what takes seconds is not asked for a
 * hundred times a second. Fails after `timeoutMs`, which are long: a busy machine is no failure. For what
 * only real processes can show.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
  what: () => string = () => condition.toString(),
): Promise<void> {
  const startedMs = Date.now()
  while (!(await condition())) {
    const waitedMs = Date.now() - startedMs
    if (waitedMs > timeoutMs) throw new Error(`Not within ${timeoutMs} ms: ${what()}`)
    await new Promise((resolve) => setTimeout(resolve, Math.min(1 + waitedMs / 10, 200)))
  }
}
