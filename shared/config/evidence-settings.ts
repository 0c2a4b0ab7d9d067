import * as z from 'zod/mini'
import {
  containerName,
  flag,
  keyName,
  privateKey,
  schedule,
  serviceUrl,
  webUrl,
  wholeNumber,
} from './setting-forms.ts'
import { SETTING_NOTES } from './setting-notes.ts'

/** The settings about the log over the archive, as part of `DECLARED_SETTINGS`. */
export const EVIDENCE_SETTINGS = {
  EVIDENCE_SEAL: z._default(flag, true).register(SETTING_NOTES, {
    description: 'Keep a log of the archive that others can check: [evidence.md](evidence.md).',
    example: 'true',
  }),
  EVIDENCE_SEAL_SCHEDULE: z._default(schedule, '30 */15 * * * *').register(SETTING_NOTES, {
    description: 'When to add new archive blobs to the log (NCRONTAB, UTC).',
    example: '30 */15 * * * *',
  }),
  EVIDENCE_LOG: z._default(containerName, 'evidence').register(SETTING_NOTES, {
    description:
      'Container of the log in the archive account; its commits and checkpoints are in one that ends with `-fixed`.',
    example: 'evidence',
  }),
  EVIDENCE_SETTLE_SECONDS: z._default(wholeNumber(0, 3600), 60).register(SETTING_NOTES, {
    description: 'How old an archive blob must be to be added, in seconds.',
    example: '60',
  }),
  EVIDENCE_LOOK_BACK_DAYS: z._default(wholeNumber(1, 100), 9).register(SETTING_NOTES, {
    description:
      'How far back each run looks for late archive blobs, in days: the retention of the hub and two. Once a day it looks at all.',
    example: '9',
  }),
  EVIDENCE_KEY_VAULT_URI: z.optional(serviceUrl).register(SETTING_NOTES, {
    description: 'Key Vault whose key signs the log. Without a key the log is not signed.',
    example: 'https://kv-risk.vault.azure.net',
  }),
  EVIDENCE_KEY_NAME: z._default(keyName, 'evidence').register(SETTING_NOTES, {
    description: 'Name of the key in that vault: EC, P-256. Its newest version signs.',
    example: 'evidence',
  }),
  EVIDENCE_LOCAL_KEY: z.optional(privateKey).register(SETTING_NOTES, {
    description: 'Private key that signs the log, PEM, P-256; only for the embedded stack.',
    example: '-----BEGIN PRIVATE KEY-----…',
    secret: true,
  }),
  TIMESTAMP_AUTHORITY_URL: z.optional(webUrl).register(SETTING_NOTES, {
    description: 'RFC 3161 time stamp authority; if set, each checkpoint of the log gets its time stamp.',
    example: 'http://timestamp.example',
  }),
}

type Declared = z.infer<z.ZodMiniObject<typeof EVIDENCE_SETTINGS>>

export interface EvidenceSettings {
  /** Whether the app keeps a log of the archive. */
  readonly seals: boolean
  /** Container of the log. */
  readonly log: string
  readonly settleMs: number
  readonly lookBackMs: number
  /** Who signs; absent: nobody. */
  readonly key:
    | { readonly by: 'keyVault'; readonly vaultUri: string; readonly keyName: string }
    | { readonly by: 'local'; readonly pem: string }
    | undefined
  readonly timestampUrl: string | undefined
}

function keyOf(s: Declared): EvidenceSettings['key'] {
  if (s.EVIDENCE_LOCAL_KEY !== undefined) return { by: 'local', pem: s.EVIDENCE_LOCAL_KEY }
  const vaultUri = s.EVIDENCE_KEY_VAULT_URI
  return vaultUri === undefined ? undefined : { by: 'keyVault', vaultUri, keyName: s.EVIDENCE_KEY_NAME }
}

export const evidenceSettings = (s: Declared): EvidenceSettings => ({
  seals: s.EVIDENCE_SEAL,
  log: s.EVIDENCE_LOG,
  settleMs: s.EVIDENCE_SETTLE_SECONDS * 1000,
  lookBackMs: s.EVIDENCE_LOOK_BACK_DAYS * 86_400_000,
  key: keyOf(s),
  timestampUrl: s.TIMESTAMP_AUTHORITY_URL,
})
