import { app } from '@azure/functions'
import { reconcile, settings } from '../shared/app.ts'

app.timer('reconcile', { schedule: settings.schedules.reconcile, handler: reconcile })
