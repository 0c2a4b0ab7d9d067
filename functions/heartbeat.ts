import { app } from '@azure/functions'
import { heartbeat, settings } from '../shared/app.ts'

app.timer('heartbeat', { schedule: settings.schedules.heartbeat, handler: heartbeat })
