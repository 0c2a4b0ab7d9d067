import { app } from '@azure/functions'
import { seal, settings } from '../shared/app.ts'

app.timer('seal', { schedule: settings.schedules.seal, handler: seal })
