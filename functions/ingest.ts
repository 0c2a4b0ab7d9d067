import { app, trigger } from '@azure/functions'
import { ingest, settings } from '../shared/app.ts'

app.generic('ingest', {
  // `dataType: 'binary'` hands over exact bytes; the typed `app.eventHub` does not offer it.
  trigger: trigger.generic({
    type: 'eventHubTrigger',
    name: 'messages',
    connection: 'EventHub',
    eventHubName: settings.eventHub.name,
    consumerGroup: settings.eventHub.consumerGroup,
    cardinality: 'many',
    dataType: 'binary',
  }),
  // Without an endless retry the host moves the checkpoint past a batch that failed.
  retry: {
    strategy: 'exponentialBackoff',
    maxRetryCount: -1,
    minimumInterval: { seconds: 1 },
    maximumInterval: { minutes: 5 },
  },
  handler: ingest,
})
