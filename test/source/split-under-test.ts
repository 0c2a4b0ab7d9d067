import { scanRecords } from '../../shared/source/scan-records.ts'

/** The text of each record, broken ones with their state before it. */
export const split = (body: string): readonly string[] | undefined => {
  const bytes = Buffer.from(body)
  return scanRecords(bytes)?.map(({ start, end, state }) => {
    const text = bytes.toString('utf8', start, end)
    return state === 'intact' ? text : `${state}: ${text}`
  })
}
