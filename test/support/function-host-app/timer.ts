import { app } from '@azure/functions'
import './hooks.ts'
import { handlers } from './handlers.ts'

app.timer('tick', {
  schedule: '%TICK_SCHEDULE%',
  handler: (timer, context) => handlers().tick?.(timer, context),
})

app.timer('hourly', {
  schedule: '0 0 * * * *',
  handler: (timer, context) => handlers().hourly?.(timer, context),
})
