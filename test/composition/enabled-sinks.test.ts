import { expect, it } from 'vitest'
import { enabledSinks } from '../../shared/composition/sinks-enabled.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import { readSettings } from '../../shared/config/parse-settings.ts'
import { flatEvent } from '../../shared/domain/flat-event.ts'
import { appSettings } from '../support/app-settings.ts'
import { detection, heartbeat, riskyIdentity } from '../support/archived-events.ts'

it('a running app sends a sink its categories, and heartbeats whatever they are', async () => {
  const env = appSettings({ connectionString: 'UseDevelopmentStorage=true' }, 'https://siem.example/hooks')
  const settings = readSettings({ ...env, WEBHOOK_CATEGORIES: 'RiskyServicePrincipals' })
  const noCredential = () => Promise.reject(new Error('not asked for'))
  const [webhook] = await enabledSinks(settings, noCredential, systemTime)
  const events = [detection('a'), riskyIdentity('b'), heartbeat('c')]
  expect(events.map((event) => webhook?.accepts(flatEvent(event)))).toEqual([false, true, true])
})
