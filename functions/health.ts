import { app } from '@azure/functions'
import { health } from '../shared/app.ts'

app.http('health', { methods: ['GET'], authLevel: 'function', route: 'health', handler: health })
