import { BlobServiceClient } from '@azure/storage-blob'
import { parseTimerStatus } from './parse-timer-status.ts'
import { statusFields, type TimerStatus } from './timer-input.ts'

/** Keeps timer status across restarts. */
export interface TimerStatusStore {
  read(functionName: string): Promise<TimerStatus | undefined>
  write(functionName: string, status: TimerStatus): Promise<void>
}

/** Stores statuses where the host does: in blobs of the container `azure-webjobs-hosts`. */
export function blobTimerStatusStore(connection: string, signal: AbortSignal): TimerStatusStore {
  const container =
    BlobServiceClient.fromConnectionString(connection).getContainerClient('azure-webjobs-hosts')
  const blob = (functionName: string) =>
    container.getBlockBlobClient(`timers/local/Host.Functions.${functionName}/status`)
  return {
    async read(functionName) {
      await container.createIfNotExists({ abortSignal: signal })
      const client = blob(functionName)
      if (!(await client.exists({ abortSignal: signal }))) return undefined
      return parseTimerStatus(
        (await client.downloadToBuffer(0, undefined, { abortSignal: signal })).toString(),
      )
    },
    async write(functionName, status) {
      const content = JSON.stringify(statusFields(status))
      await blob(functionName).upload(content, Buffer.byteLength(content), { abortSignal: signal })
    },
  }
}
