import { groupBy } from '../../verify/group-by.ts'
import type { ProcessArrival } from './arrivals.ts'
import type { FiledReceipt } from './receipts.ts'

const isSuccess = (status: number | undefined): boolean =>
  status !== undefined && status >= 200 && status < 300

/** Requests of one id in one receipt. */
interface Account {
  readonly from: number
  readonly to: number
  readonly succeeded: boolean
}

/**
 * Corrects the receivers' view of which requests were answered by the sender's receipts: an answer
 * can be passed to the connection without being read. Attempts at the same events share an id and
 * end with the first success, so within one receipt only the last can have been answered.
 */
export function answeredByReceipts(
  sink: string,
  arrivals: readonly ProcessArrival[],
  receipts: readonly FiledReceipt[],
): readonly ProcessArrival[] {
  const accounts = groupBy(
    receipts.flatMap(({ entries, from, to }) =>
      entries
        .filter((entry) => entry.sink === sink)
        .flatMap(({ requests }) =>
          [...groupBy(requests, ({ id }) => id)].map(([id, some]) => ({
            id,
            from,
            to,
            succeeded: some.some(({ status }) => isSuccess(status)),
          })),
        ),
    ),
    ({ id }) => id,
  )
  const times = new Map(
    [...groupBy(arrivals, ({ requestId }) => requestId)].map(([id, some]) => [id, some.map(({ at }) => at)]),
  )
  const within = ({ from, to }: Account, at: number): boolean => from <= at && at <= to
  return arrivals.map((arrival) => {
    const mine = (accounts.get(arrival.requestId) ?? []).filter((account) => within(account, arrival.at))
    if (mine.length === 0) return arrival
    const isLastOf = (account: Account): boolean =>
      !(times.get(arrival.requestId) ?? []).some((at) => at > arrival.at && within(account, at))
    return { ...arrival, answered: mine.some((account) => account.succeeded && isLastOf(account)) }
  })
}
