import { app } from '@azure/functions'
import { POISON_QUEUE, poison } from '../shared/app.ts'

app.storageQueue('poison', {
  queueName: POISON_QUEUE,
  connection: 'AzureWebJobsStorage',
  handler: poison,
})
