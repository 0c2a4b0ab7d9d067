import type { DetectionLanguage } from '../domain/catalogue-entry.ts'
import type { TenantId } from '../domain/identifiers.ts'

/** Settings for reading records. */
export interface SourceSettings {
  /** Default for records without `tenantId` and without a tenant in `resourceId`. */
  readonly tenantId: TenantId
  /** Whether to read the user categories; they are skipped otherwise. */
  readonly includeUserRisk: boolean
  /** Language of detection names. */
  readonly language: DetectionLanguage
}
