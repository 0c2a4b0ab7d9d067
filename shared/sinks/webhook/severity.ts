/**
 * Severity of a CloudEvent:
 * https://github.com/cloudevents/spec/blob/main/cloudevents/extensions/severity.md
 */
export interface Severity {
  readonly text: string
  /** On OpenTelemetry's scale of 1 to 24. */
  readonly number: number
}

const byLevel: ReadonlyMap<string, Severity> = new Map([
  ['none', { text: 'NONE', number: 9 }],
  ['low', { text: 'LOW', number: 10 }],
  ['medium', { text: 'MEDIUM', number: 13 }],
  ['high', { text: 'HIGH', number: 17 }],
])

/**
 * `undefined` for `hidden` and unknown levels: what the licence does not show is neither low nor
 * none.
 */
export const severityOf = (riskLevel: string | undefined): Severity | undefined =>
  riskLevel === undefined ? undefined : byLevel.get(riskLevel)
