import { describe, expect, it } from 'vitest'
import { receiptTallies, tallyMetadata } from '../../../shared/delivery/receipts/receipt-tallies.ts'
import { EMPTY_SINK_TALLY } from '../../../shared/domain/tally.ts'

describe('the counts beside a receipt', () => {
  const webhook = { delivered: 1, pending: 2, deadLettered: 3, duplicate: 4, filtered: 5 }

  it('are those of each sink, over all that is reported of it', () => {
    const logAnalytics = { ...EMPTY_SINK_TALLY, delivered: 100 }
    const metadata = tallyMetadata([
      { sink: 'webhook', tally: webhook },
      { sink: 'log-analytics', tally: logAnalytics },
      { sink: 'webhook', tally: { ...EMPTY_SINK_TALLY, delivered: 10, filtered: 10 } },
    ])
    expect(receiptTallies(metadata)).toEqual([
      ['webhook', { ...webhook, delivered: 11, filtered: 15 }],
      ['log-analytics', logAnalytics],
    ])
  })

  it('are none where nothing is said', () => {
    expect(receiptTallies({})).toEqual([])
    expect(receiptTallies({ tallies: '' })).toEqual([])
    expect(receiptTallies({ tallies: ';webhook=1,2,3,4,5;' })).toEqual([['webhook', webhook]])
  })

  it.each(['webhook', 'webhook=', 'webhook=1x,x1,-1,1.5,', `webhook=${'1'.repeat(16)}`])(
    'are 0 where they cannot be read: %s',
    (tallies) => {
      expect(receiptTallies({ tallies })).toEqual([['webhook', EMPTY_SINK_TALLY]])
    },
  )
})
