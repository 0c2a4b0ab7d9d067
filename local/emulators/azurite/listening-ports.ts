import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

/** The ports on which Azurite's services listen. */
export interface ListeningPorts {
  readonly blob: number
  readonly queue: number
  readonly table: number
}

const LISTENING = /Azurite (Blob|Queue|Table) service is successfully listening at http:\/\/[^:]+:(\d+)/g
const MAX_OUTPUT_CHARACTERS = 4_000

/**
 * Reads the ports of the three services from Azurite's output, where each is printed once it is
 * open. Rejects, quoting the last output, if the process ends first or `timeoutMs` passes. Later
 * output is discarded.
 */
export async function readListeningPorts(
  child: ChildProcess,
  exited: Promise<void>,
  timeoutMs: number,
): Promise<ListeningPorts> {
  let output = ''
  const cancelTimeout = new AbortController()
  const ports = new Promise<ListeningPorts>((resolve) => {
    const read = (chunk: string) => {
      output = (output + chunk).slice(-MAX_OUTPUT_CHARACTERS)
      const found = findPorts(output)
      if (found !== undefined) resolve(found)
    }
    child.stdout?.setEncoding('utf8').on('data', read)
    child.stderr?.setEncoding('utf8').on('data', read)
  })
  const timeout = sleep(timeoutMs, 'timed out' as const, { signal: cancelTimeout.signal }).catch(
    () => 'ended' as const,
  )
  const outcome = await Promise.race([ports, exited.then(() => 'ended' as const), timeout])
  cancelTimeout.abort()
  if (typeof outcome === 'object') return outcome
  child.kill('SIGKILL')
  throw new Error(
    outcome === 'ended'
      ? `Azurite ended while starting. Check that its ports are free and its folder can be written. Its output: ${output}`
      : `Azurite did not listen within ${timeoutMs} ms. Check the load of this machine. Its output: ${output}`,
  )
}

function findPorts(output: string): ListeningPorts | undefined {
  const found = new Map([...output.matchAll(LISTENING)].map(([, service, port]) => [service, Number(port)]))
  const [blob, queue, table] = [found.get('Blob'), found.get('Queue'), found.get('Table')]
  return blob && queue && table ? { blob, queue, table } : undefined
}
