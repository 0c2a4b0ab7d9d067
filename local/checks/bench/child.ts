import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { checkoutPath } from '../../stack/package-root.ts'

/**
 * Starts one of the bench's own processes; it ends when this one does.
 * @param execPath the Node.js to run it on
 */
export const startChild = (
  name: string,
  environment: Readonly<Record<string, string>> = {},
  execPath: string = process.execPath,
): ChildProcess =>
  fork(checkoutPath(`dist/local/checks/bench/${name}.js`), {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    execArgv: [],
    execPath,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })

/**
 * Sends a question, if any, and returns the child's next message. Both ends are ours, so its type
 * is known.
 */
export async function ask<T>(child: ChildProcess, question?: object): Promise<T> {
  const over = new AbortController()
  const { signal } = over
  try {
    const answer = once(child, 'message', { signal })
    const death = once(child, 'exit', { signal }).then(() => {
      throw new Error('A child process of the bench ended before it answered.')
    })
    for (const one of [answer, death]) one.catch(() => undefined)
    if (question !== undefined) child.send(question)
    const [said] = (await Promise.race([answer, death])) as [T]
    return said
  } finally {
    over.abort()
  }
}
