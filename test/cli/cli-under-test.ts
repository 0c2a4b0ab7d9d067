import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../cli/run.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import type { Environment } from '../../shared/config/setting-problems.ts'
import type { Time } from '../../shared/domain/time.ts'

/** What a command said, and its exit code. */
export interface Said {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly env?: Environment
  /** The clock that the command goes by; waiting is real. */
  readonly nowMs?: () => number
  readonly sleep?: Time['sleep']
  readonly limit?: Time['limit']
  readonly isTerminal?: boolean
  readonly columns?: number
  /** When the reader has taken what was printed. */
  readonly taken?: () => Promise<void>
  readonly temporaryFolder?: string
  readonly isAlive?: (pid: number) => boolean
  readonly interruption?: AbortSignal
  /** What the person at the terminal answers; absent: nobody is there. */
  readonly confirm?: (question: string) => boolean
  readonly newId?: () => string
  readonly onVariables?: (variables: Environment) => void
}

/** Runs the command in this process, as its entry file does. */
export async function cli(words: readonly string[], options: CliOptions = {}): Promise<Said> {
  let stdout = ''
  let stderr = ''
  const { isTerminal = false, columns, taken = async () => undefined, nowMs, sleep, limit, confirm } = options
  const code = await run(words, {
    stdout: { isTerminal, columns, write: (text) => (stdout += text), taken },
    stderr: { isTerminal, columns, write: (text) => (stderr += text), taken },
    env: options.env ?? {},
    user: 'operator',
    userId: process.getuid?.(),
    temporaryFolder: options.temporaryFolder ?? tmpdir(),
    isAlive: options.isAlive ?? (() => true),
    time: {
      ...systemTime,
      ...(nowMs === undefined ? {} : { now: nowMs, monotonicMs: nowMs }),
      ...(sleep === undefined ? {} : { sleep }),
      ...(limit === undefined ? {} : { limit }),
    },
    newId: options.newId ?? (() => 'id'),
    setVariables: options.onVariables ?? (() => undefined),
    confirm: confirm === undefined ? undefined : async (question) => confirm(question),
    interruption: () => options.interruption ?? new AbortController().signal,
    threads: undefined,
  })
  return { code, stdout, stderr }
}

export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'risk-export-cli-'))

const SHORT_HASH = /(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])/g

/**
 * The text with ids that are hashes of archive content replaced by ones that tell which is which:
 * what an event looks like in the archive is another golden's affair. The width stays.
 */
export function withoutHashes(text: string): string {
  const names = new Map<string, string>()
  return text.replaceAll(SHORT_HASH, (hash) => {
    const name = names.get(hash) ?? `hash-${String(names.size + 1).padStart(11, '0')}`
    names.set(hash, name)
    return name
  })
}
