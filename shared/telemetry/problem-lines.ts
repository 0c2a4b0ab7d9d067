import type { Problem } from './telemetry.ts'

/** What operators read in the log of each problem: what happened, and what to check. */
export const PROBLEM_LINES: Readonly<Record<Problem, string>> = {
  settledNotRead:
    'Reading a settled range failed; duplicates are possible. Check the table "settled" of the host storage account.',
  settledNotWritten:
    'Writing a settled range failed; duplicates are possible after a restart. Check the table "settled" of the host storage account.',
  wakeUpLost:
    'Sending a wake-up failed; the next sweep sends it. Check the queue "outbox-wake-up" of the host storage account.',
  receiptNotWritten:
    'Writing a receipt failed; the delivery is not affected, its receipt is missing. Check the container "receipts" of the archive account.',
  messageIsolated:
    'A message met a defect of this program and was set aside as a dead letter (internalFault). Please report it.',
  messageWithoutPosition:
    'A message came without a readable position in its partition; it is kept under v1/without-position in the container "deadletters". Please report it.',
  sinkDefect:
    'Redelivery met a defect of this program; its events stay pending or are dead letters. Please report it.',
  outboxPartitionUnknown:
    'A wake-up message names no outbox partition and was dropped; nothing is pending because of it.',
  rowUnreadable:
    'A row of the outbox points at archive lines that cannot be read; it delays no other row and becomes a dead letter at the age limit.',
  rowsSetAside:
    'Rows of the outbox cannot be read and were set aside: see the table "outbox", row keys that begin with "~".',
  heartbeatNotSent: 'Sending a heartbeat failed. Check that the app may send to the event hub.',
  programNotRead:
    'The files of the program cannot be read; heartbeats do not tell which program runs. Check the package that is deployed.',
  reconcileFailed:
    'Comparing the stream with Microsoft Graph failed; the next run compares the same time again. Check that the app may read the archive and the host storage, and send to the event hub.',
  archiveBlobUnreadable:
    'Comparing with Microsoft Graph left out an archive blob that cannot be read; what it holds counts as missing, and is sent again. Check it with `risk-export verify`.',
  diagnosticSettingChanged:
    'No diagnostic setting of Entra streams all risk of workload identities to this hub. Check the setting; `risk-export status` says what is missing.',
  contextWakeUpLost:
    'Sending the wake-up for contexts failed; the next sweep sends it. Check the queue "identity-context" of the host storage account.',
  contextsNotRead:
    'Reading the contexts of identities at risk failed; the requests wait, and the next sweep tries again. Check the table "contexts" of the host storage account, and that the app may send to the event hub.',
  sealFailed:
    'Adding archive blobs to the log failed; the next run tries again, and nothing is lost. Check the containers of EVIDENCE_LOG in the archive account, and the key.',
  partitionsNotRead:
    'The hub did not tell what its partitions hold; the log lacks this until the next run. Check that the app may read the event hub.',
  timestampMissing:
    'A checkpoint of the log has no time stamp; the next one gets its own. Check TIMESTAMP_AUTHORITY_URL.',
}

/** Problems that do not pass by themselves. */
export const DEFECTS: readonly Problem[] = ['messageIsolated', 'messageWithoutPosition', 'sinkDefect']
