/** As much of a bench record as the floors look at. */
export interface BenchRecord {
  readonly tenantId: string
  readonly category: string
  readonly properties: {
    readonly id: string
    readonly lastUpdatedDateTime: string
    readonly riskState: string
  }
}

/** The records of an envelope that this bench made. */
export const parseEnvelope = (body: Uint8Array): readonly BenchRecord[] => {
  const { records } = JSON.parse(Buffer.from(body).toString('utf8')) as {
    readonly records: readonly BenchRecord[]
  }
  return records
}
