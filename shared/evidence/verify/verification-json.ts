import { FINDING_CLASSES, weightOf } from './finding.ts'
import type { Verification } from './verify.ts'

/** A verification for programs. */
export const verificationJson = ({ status, findings, looked, log, partitions, days }: Verification) => ({
  status,
  log:
    log === undefined
      ? null
      : {
          origin: log.origin,
          size: log.size,
          root: log.root.toString('base64'),
          checkpoints: log.checkpoints.length,
          signed: log.checkpoints.filter(({ isSigned }) => isSigned).length,
          keys: log.keys.map(({ keyId }) => keyId),
          tiles: log.tiles,
          timestamps: log.timestamps,
          anchors: log.anchors,
        },
  looked,
  partitions,
  days,
  findings: findings.map((finding) => ({
    ...finding,
    weight: weightOf(finding),
    meaning: FINDING_CLASSES[finding.class].meaning,
    remedy: FINDING_CLASSES[finding.class].remedy,
  })),
})
