import { app } from '@azure/functions'
import './hooks.ts'
import { handlers } from './handlers.ts'

app.storageQueue('work', {
  queueName: '%QUEUE_NAME%',
  connection: 'QUEUES',
  handler: (message, context) => handlers().work?.(message, context),
})

app.storageQueue('workPoison', {
  queueName: '%QUEUE_NAME%-poison',
  connection: 'QUEUES',
  handler: (message, context) => handlers().workPoison?.(message, context),
})
