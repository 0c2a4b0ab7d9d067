import { writeFile } from 'node:fs/promises'
import { instant } from '../../shared/domain/identifiers.ts'
import { type Anchor, parseAnchors } from '../../shared/evidence/verify/anchor.ts'
import type { Status } from '../../shared/evidence/verify/finding.ts'
import { verificationJson } from '../../shared/evidence/verify/verification-json.ts'
import { verify as verifyCopy } from '../../shared/evidence/verify/verify.ts'
import { verificationHtml } from '../../shared/operations/report/verification-html.ts'
import { command } from '../command.ts'
import { COPY_OPTIONS, copyFor } from '../evidence-copy.ts'
import type { ExitCode } from '../exit-codes.ts'
import { certificatesIn, KEY_OPTION, keysIn, policiesIn, readInput } from '../key-files.ts'
import { verificationText } from '../render/verification-text.ts'
import { pace } from '../text/pace.ts'
import { paintFor } from '../text/paint.ts'
import { progressOn, soFar } from '../text/progress.ts'
import { TIME_USAGE, timeRange } from '../time-argument.ts'
import { CannotRunError } from '../usage-error.ts'

const SHOWN_EVERY_MS = 100
const EXIT_BY_STATUS: Readonly<Record<Status, ExitCode>> = { ok: 0, integrity: 1, incomplete: 2, unknown: 3 }

async function anchorsIn(paths: readonly string[]): Promise<readonly Anchor[]> {
  const anchors: Anchor[] = []
  for (const path of paths) {
    const found = parseAnchors(await readInput(path), path)
    if (found === undefined)
      throw new CannotRunError(
        `${path}: expected a checkpoint, or rows of EntraRiskExportHealth_CL as JSON with EvidenceSize and EvidenceRoot.`,
      )
    anchors.push(...found)
  }
  return anchors
}

export const verify = command({
  name: 'verify',
  summary: 'Verify that the archive is unchanged and complete',
  about: `Compares archive and log, of a downloaded copy or in the account: signatures, that every older checkpoint is the beginning of the newest,
tiles, every blob and every record in it, and whether the sequence numbers of the hub leave a hole. Needs nothing but the copy and, better,
the public key that you were given on another way.`,
  options: {
    ...COPY_OPTIONS,
    from: {
      type: 'string',
      value: 'T',
      help: 'only archive blobs of this hour and later; the log as a whole',
    },
    to: { type: 'string', value: 'T', help: 'only archive blobs of hours before' },
    key: KEY_OPTION,
    anchor: {
      type: 'string',
      value: 'FILE',
      multiple: true,
      help: 'a checkpoint, or rows of heartbeats, kept outside of the archive; may be repeated',
    },
    'tsa-ca': {
      type: 'string',
      value: 'FILE',
      multiple: true,
      help: 'certificate of who certifies the time stamp authority, PEM; may be repeated',
    },
    policy: {
      type: 'string',
      value: 'FILE',
      multiple: true,
      help: 'what az storage container immutability-policy show prints, for a copy; may be repeated',
    },
    html: { type: 'string', value: 'FILE', help: 'also write it as one page that needs nothing else' },
  },
  notes: `${TIME_USAGE}

The folder holds copies of the containers archive, evidence and evidence-fixed, side by side or in one.
Exit code 0: verified; 1: something is changed; 2: unchanged, but not complete; 3: cannot tell.`,
  examples: [
    ['verify --dir copy --key signing-key.pem', 'a downloaded copy, offline'],
    ['verify --dir copy --anchor heartbeats.json --html verified.html', 'against heartbeats, and a page'],
    ['verify --from 90d', 'the last quarter, in the account of the app'],
    ['verify --account https://ACCOUNT.blob.core.windows.net', 'in an account, without settings of the app'],
  ],
  async run({ values }, context) {
    const now = instant(context.time.now())
    const { from, to, html, json } = values
    const range = timeRange({ from: from ?? '1970-01-01T00:00:00Z', to: to ?? 'now' }, now)
    const keys = await keysIn(values.key ?? [])
    const anchors = await anchorsIn(values.anchor ?? [])
    const timestampAuthorities = await certificatesIn(values['tsa-ca'] ?? [])
    const policies = values.policy === undefined ? {} : { policies: await policiesIn(values.policy) }
    const copy = await copyFor(values, context)
    const progress = progressOn(context.stderr)
    const startMs = context.time.monotonicMs()
    const elapsed = () => context.time.monotonicMs() - startMs
    let shownMs = Number.NEGATIVE_INFINITY
    const found = await verifyCopy(copy, {
      keys,
      anchors,
      timestampAuthorities,
      ...policies,
      from: from === undefined ? undefined : range.from,
      to: to === undefined ? undefined : range.to,
      onProgress: (blobs, bytes) => {
        // In place of a line for each of thousands of blobs a second.
        const elapsedMs = elapsed()
        if (elapsedMs - shownMs < SHOWN_EVERY_MS) return
        shownMs = elapsedMs
        progress.show(`verified ${soFar(blobs, undefined, 'archive blobs')}, ${pace(bytes, elapsedMs)}`)
      },
      signal: context.interruption(),
      threads: context.threads,
    })
    progress.done()
    const { isTerminal, write } = context.stdout
    if (html !== undefined) {
      await writeFile(html, verificationHtml(found, now)).catch((error: NodeJS.ErrnoException) => {
        throw new CannotRunError(`Writing ${html}: ${error.code ?? 'it failed'}.`)
      })
      context.stderr.write(`Written to ${html}.\n`)
    }
    write(
      json
        ? `${JSON.stringify(verificationJson(found))}\n`
        : `${verificationText(found, paintFor(isTerminal, context.env.NO_COLOR))}Verified ${pace(found.looked.bytes, elapsed())}.\n`,
    )
    return EXIT_BY_STATUS[found.status]
  },
})
