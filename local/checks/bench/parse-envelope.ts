/** Parses the records of an envelope that this bench created. */
export const parseEnvelope = (body: Uint8Array): readonly unknown[] => {
  const { records } = JSON.parse(Buffer.from(body).toString('utf8')) as {
    readonly records: readonly unknown[]
  }
  return records
}
