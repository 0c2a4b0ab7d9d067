import { app } from '@azure/functions'
import { start } from '../shared/app.ts'

// Not a trigger: the worker runs it once it has loaded the app, and would wait for it.
app.hook.appStart(start)
