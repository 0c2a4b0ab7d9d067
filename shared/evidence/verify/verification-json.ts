import { FINDING_CLASSES, type Finding, type Weight } from './finding.ts'
import type { Verification } from './verify.ts'

interface FindingJson extends Finding {
  readonly weight: Weight
  readonly meaning: string
  readonly remedy: string
  readonly consequences: readonly FindingJson[]
}

const findingJson = ({ class: name, subject, detail, consequences = [] }: Finding): FindingJson => ({
  class: name,
  subject,
  detail,
  weight: FINDING_CLASSES[name].weight,
  meaning: FINDING_CLASSES[name].meaning,
  remedy: FINDING_CLASSES[name].remedy,
  consequences: consequences.map(findingJson),
})

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
          timestampsVerified: log.timestampsVerified,
          anchors: log.anchors,
        },
  looked,
  partitions,
  days,
  findings: findings.map(findingJson),
})
