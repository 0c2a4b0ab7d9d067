import { expect, it } from 'vitest'
import { blobReceipts, type RowReport } from '../../../shared/delivery/receipts/receipt.ts'
import { EMPTY_SINK_TALLY } from '../../../shared/domain/tally.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const report: RowReport = {
  blob: 'v1/blob.jsonl.gz',
  sink: 'webhook',
  tally: { ...EMPTY_SINK_TALLY, delivered: 1 },
  outcomes: { delivered: '0' },
  attempts: 1,
  requests: [],
  tookMs: 5,
  stoppedBy: undefined,
}

/** Receipts in a container that takes none, and what came of it. */
function refused() {
  const asked: string[] = []
  const problems: unknown[] = []
  const container = {
    getBlockBlobClient(name: string) {
      asked.push(name)
      return { upload: () => Promise.reject(new Error('503')) } as never
    },
  }
  return {
    asked,
    problems,
    receipts: blobReceipts(container, virtualTime(), (cause) => problems.push(cause)),
  }
}

it('a receipt that cannot be written is a problem to be told of, and fails nothing', async () => {
  const { receipts, problems } = refused()
  await receipts.file(report.blob, [report])
  await receipts.fileRows([report])
  expect(problems).toEqual([new Error('503'), new Error('503')])
})

it('where there is nothing to report, no receipt is written', async () => {
  const { receipts, asked } = refused()
  await receipts.file(report.blob, [])
  await receipts.fileRows([])
  expect(asked).toEqual([])
})
