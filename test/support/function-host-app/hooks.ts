import { app } from '@azure/functions'
import { handlers } from './handlers.ts'

/** Stands for a composition root: read when the app loads, once per load. */
export const loadedWith = process.env.APP_VALUE ?? 'nothing'

app.hook.appStart(() => handlers().appStart?.())
app.hook.appTerminate(() => handlers().appTerminate?.())
app.hook.preInvocation((context) => handlers().preInvocation?.(context.invocationContext.functionName))
app.hook.postInvocation((context) =>
  handlers().postInvocation?.(context.invocationContext.functionName, context.error),
)
app.hook.log((context) => {
  context.message = handlers().log?.(context.message) ?? context.message
})
