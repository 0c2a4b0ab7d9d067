import { app } from '@azure/functions'
import { settings, sweep } from '../shared/app.ts'

app.timer('sweep', { schedule: settings.schedules.sweep, handler: sweep })
