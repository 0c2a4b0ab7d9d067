import { app } from '@azure/functions'
import { redeliver, WAKE_UP_QUEUE } from '../shared/app.ts'

app.storageQueue('redeliver', {
  queueName: WAKE_UP_QUEUE,
  connection: 'AzureWebJobsStorage',
  handler: redeliver,
})
