import { app } from '@azure/functions'
import { stop } from '../shared/app.ts'

// Not a trigger: the worker runs it before it ends, and waits five seconds for it.
app.hook.appTerminate(stop)
