import type { DetectionLanguage } from '../domain/catalogue-entry.ts'
import type { TenantId } from '../domain/identifiers.ts'

/** What of the settings decides how records are read. */
export interface SourceSettings {
  /** Of records that name none, neither as `tenantId` nor in `resourceId`. */
  readonly tenantId: TenantId
  /** Whether the categories about people are read too; they are skipped otherwise. */
  readonly includeUserRisk: boolean
  /** Of the names of detection types. */
  readonly language: DetectionLanguage
}
