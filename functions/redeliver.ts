import { app } from '@azure/functions'
import { DOORBELL_QUEUE, redeliver } from '../shared/app.ts'

app.storageQueue('redeliver', {
  queueName: DOORBELL_QUEUE,
  connection: 'AzureWebJobsStorage',
  handler: redeliver,
})
