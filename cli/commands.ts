import type { Command } from './command.ts'

/** Commands by name; each is loaded on demand. */
export const COMMANDS: readonly (readonly [name: string, load: () => Promise<Command>])[] = [
  ['doctor', async () => (await import('./commands/doctor.ts')).doctor],
  ['status', async () => (await import('./commands/status.ts')).status],
  ['trace', async () => (await import('./commands/trace.ts')).trace],
  ['report', async () => (await import('./commands/report.ts')).report],
  ['investigate', async () => (await import('./commands/investigate.ts')).investigate],
  ['archive', async () => (await import('./commands/archive.ts')).archive],
  ['record', async () => (await import('./commands/record.ts')).record],
  ['export', async () => (await import('./commands/export.ts')).exportRecords],
  ['verify', async () => (await import('./commands/verify.ts')).verify],
  ['prove', async () => (await import('./commands/prove.ts')).prove],
  ['check-proof', async () => (await import('./commands/check-proof.ts')).checkProof],
  ['dead-letters list', async () => (await import('./commands/dead-letters-list.ts')).deadLettersList],
  ['dead-letters show', async () => (await import('./commands/dead-letters-show.ts')).deadLettersShow],
  ['dead-letters retry', async () => (await import('./commands/dead-letters-retry.ts')).deadLettersRetry],
  [
    'dead-letters discard',
    async () => (await import('./commands/dead-letters-discard.ts')).deadLettersDiscard,
  ],
  ['replay', async () => (await import('./commands/replay.ts')).replay],
  ['backfill', async () => (await import('./commands/backfill.ts')).backfill],
  ['respond', async () => (await import('./commands/respond.ts')).respond],
  ['send', async () => (await import('./commands/send.ts')).send],
  ['completion', async () => (await import('./commands/completion.ts')).completionOf(allCommands)],
]

export const allCommands = (): Promise<readonly Command[]> => Promise.all(COMMANDS.map(([, load]) => load()))
