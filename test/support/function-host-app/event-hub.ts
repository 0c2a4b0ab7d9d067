import { app, trigger } from '@azure/functions'
import './hooks.ts'
import { handlers } from './handlers.ts'

const hubTrigger = (name: string) =>
  trigger.generic({
    type: 'eventHubTrigger',
    eventHubName: `%${name}_NAME%`,
    connection: `${name}_CONNECTION`,
    consumerGroup: '$Default',
    cardinality: 'many',
    dataType: 'binary',
  })

app.generic('held', {
  trigger: hubTrigger('HELD'),
  retry: { strategy: 'fixedDelay', maxRetryCount: -1, delayInterval: { seconds: 0 } },
  handler: (messages, context) => handlers().held?.(messages, context),
})

app.generic('lossy', {
  trigger: hubTrigger('LOSSY'),
  handler: (messages, context) => handlers().lossy?.(messages, context),
})
