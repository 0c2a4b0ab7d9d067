import {
  FINDING_CLASSES,
  type Finding,
  type FindingName,
  type Status,
} from '../../shared/evidence/verify/finding.ts'
import { VERDICTS } from '../../shared/evidence/verify/verdict.ts'
import type { Verification } from '../../shared/evidence/verify/verify.ts'
import type { Colour, Paint } from '../text/paint.ts'
import { plain } from '../text/plain.ts'
import { table } from '../text/table.ts'

const COLOURS: Readonly<Record<Status, Colour>> = {
  ok: 'green',
  integrity: 'red',
  incomplete: 'yellow',
  unknown: 'red',
}
/** Of one class; all of them are in the JSON. */
const MAX_SHOWN = 10

function byClass(findings: readonly Finding[]): ReadonlyMap<FindingName, readonly Finding[]> {
  const classes = new Map<FindingName, Finding[]>()
  for (const finding of findings) classes.set(finding.class, [...(classes.get(finding.class) ?? []), finding])
  return classes
}

/** Of one finding. */
const MAX_FOLLOWING = 3

/** What follows from a finding, below it. */
function following({ consequences = [] }: Finding, indent: string): readonly string[] {
  const more = consequences.length - MAX_FOLLOWING
  return [
    ...consequences
      .slice(0, MAX_FOLLOWING)
      .flatMap((one) => [
        `${indent}hence ${one.class}  ${plain(one.subject)}: ${plain(one.detail)}`,
        ...following(one, `${indent}  `),
      ]),
    ...(more > 0 ? [`${indent}and ${more} more`] : []),
  ]
}

function findingLines(findings: readonly Finding[]): readonly string[] {
  return [...byClass(findings)].flatMap(([name, all]) => [
    `${name}  ${FINDING_CLASSES[name].meaning}`,
    ...all
      .slice(0, MAX_SHOWN)
      .flatMap((one) => [`  ${plain(one.subject)}: ${plain(one.detail)}`, ...following(one, '    ')]),
    ...(all.length > MAX_SHOWN ? [`  and ${all.length - MAX_SHOWN} more`] : []),
    `  ${FINDING_CLASSES[name].remedy}`,
    '',
  ])
}

function logLines({ log }: Verification): readonly string[] {
  if (log === undefined) return ['Log: none']
  const signed = log.checkpoints.filter(({ isSigned }) => isSigned).length
  return [
    `Log: ${plain(log.origin)}`,
    `  ${log.size} leaves, root ${log.root.toString('base64')}`,
    `  ${signed} of ${log.checkpoints.length} checkpoints signed, ${log.tiles} tiles, ${log.timestamps} time stamps${log.timestampsVerified > 0 ? ` (${log.timestampsVerified} verified)` : ''}, ${log.anchors} anchors`,
    ...log.keys.map(({ keyId }) => `  key ${keyId}`),
  ]
}

/** A verification for people, on a terminal. */
export function verificationText(of: Verification, paint: Paint): string {
  const { looked, partitions } = of
  return [
    paint(COLOURS[of.status], VERDICTS[of.status]),
    '',
    `Archive: ${looked.blobs} blobs, ${looked.bytes} bytes; ${looked.unchanged} as sealed, ${looked.missing} missing`,
    `  ${looked.records} records: ${looked.events} events, ${looked.faults} faults, ${looked.skipped} skipped; ${looked.rederived} lines follow from their records`,
    ...logLines(of),
    '',
    ...(partitions.length === 0
      ? []
      : [
          ...table([
            ['HUB', 'PARTITION', 'BLOBS', 'FIRST', 'LAST', 'FROM', 'TO', 'MISSING', 'PENDING'],
            ...partitions.map((one) => [
              plain(`${one.namespace}/${one.hub}`),
              plain(one.partition),
              String(one.blobs),
              one.blobs === 0 ? '–' : String(one.first),
              one.blobs === 0 ? '–' : String(one.last),
              one.firstEnqueuedAt,
              one.lastEnqueuedAt,
              String(one.missing),
              String(one.pending),
            ]),
          ]),
          '',
        ]),
    ...findingLines(of.findings),
  ].join('\n')
}
