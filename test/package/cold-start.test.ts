import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Azurite, startAzurite } from '../../local/emulators/azurite/azurite.ts'
import { createStorage } from '../../local/stack/create-storage.ts'
import { appSettings } from '../support/app-settings.ts'
import { bundledScript } from '../support/bundled-script.ts'

let azurite: Azurite
beforeAll(async () => {
  azurite = await startAzurite()
  await createStorage(azurite.connectionString)
})
afterAll(() => azurite.stop())

it("the built app loads with no client, and settles its first batch without Node's own fetch", async () => {
  const script = await bundledScript('first-batch')
  const env = { ...appSettings(azurite, 'https://localhost:9/hooks'), DELIVERY_TIMEOUT_MS: '100' }
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env })
  type Names = readonly string[]
  const { ok, withFunctions, loaded }: { ok: boolean; withFunctions: Names; loaded: Names } =
    JSON.parse(stdout)
  expect(ok).toBe(true)
  expect(withFunctions).toContain('NativeModule crypto')
  expect(withFunctions).not.toContain('NativeModule https')
  expect(loaded).toContain('NativeModule https')
  expect(loaded.filter((name) => name.includes('undici'))).toEqual([])
}, 60_000)
