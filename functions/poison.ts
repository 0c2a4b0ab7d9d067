import { app, trigger } from '@azure/functions'
import { POISON_QUEUE, poison } from '../shared/app.ts'

app.generic('poison', {
  // `dataType: 'binary'` hands over the bytes as they are; a text would be parsed where it is JSON.
  trigger: trigger.generic({
    type: 'queueTrigger',
    name: 'message',
    queueName: POISON_QUEUE,
    connection: 'AzureWebJobsStorage',
    dataType: 'binary',
  }),
  handler: poison,
})
