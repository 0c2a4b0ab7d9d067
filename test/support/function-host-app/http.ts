import { app } from '@azure/functions'
import { handlers } from './handlers.ts'
import { loadedWith } from './hooks.ts'

app.http('guarded', {
  route: 'guarded/{id}/{part?}',
  methods: ['GET', 'POST'],
  authLevel: 'function',
  handler: async (request) => ({
    status: 201,
    headers: { 'x-id': request.params.id ?? '' },
    body: Buffer.from(await request.arrayBuffer()),
  }),
})

app.http('open', {
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: (request, context) => {
    handlers().open?.(request, context)
    return { jsonBody: { loadedWith, query: request.query.get('q') } }
  },
})
