import type { WebhookFormatName } from '../../../domain/webhook-formats.ts'
import type { FormatOf } from '../webhook-format.ts'
import { cefFormat } from './cef/cef-format.ts'
import { cloudEventsFormat } from './cloudevents/cloudevents-format.ts'
import { elasticBulkFormat } from './elastic-bulk/elastic-bulk-format.ts'
import { jsonFormat } from './json/json-format.ts'
import { ocsfFormat } from './ocsf/ocsf-format.ts'
import { otlpFormat } from './otlp/otlp-format.ts'
import { secopsFormat } from './secops/secops-format.ts'
import { splunkHecFormat } from './splunk-hec/splunk-hec-format.ts'

/** Every format, by the name that settings give it. */
export const FORMATS: Readonly<Record<WebhookFormatName, FormatOf>> = {
  cloudevents: cloudEventsFormat,
  'elastic-bulk': elasticBulkFormat,
  json: jsonFormat,
  secops: secopsFormat,
  'splunk-hec': splunkHecFormat,
  cef: cefFormat,
  otlp: otlpFormat,
  ocsf: ocsfFormat,
}
