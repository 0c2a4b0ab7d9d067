import { app } from '@azure/functions'
import { CONTEXT_QUEUE, context } from '../shared/app.ts'

app.storageQueue('context', {
  queueName: CONTEXT_QUEUE,
  connection: 'AzureWebJobsStorage',
  handler: context,
})
