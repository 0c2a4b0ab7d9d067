import { chmod, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { cli, newFolder } from './cli-under-test.ts'
import { NO_HUB, settingsFor } from './stored-situation.ts'

const NOWHERE = 'https://storage.invalid'
const TENANTS = ['aaaaaaaa-2222-4333-8444-555555555555', 'bbbbbbbb-2222-4333-8444-555555555555']

/** Storage by identity. */
const settingsOf = (tenant: string) => ({
  ...settingsFor({ connectionString: '' }, NO_HUB),
  ENTRA_TENANT_ID: tenant,
  AzureWebJobsStorage__blobServiceUri: NOWHERE,
  AzureWebJobsStorage__queueServiceUri: NOWHERE,
  AzureWebJobsStorage__tableServiceUri: NOWHERE,
  ARCHIVE_BLOB_SERVICE_URI: NOWHERE,
})

/** An `az` that nobody is signed in to; gives the tenants that it was asked for. */
async function signedOutAz(): Promise<() => Promise<ReadonlySet<string | undefined>>> {
  const folder = await newFolder()
  const log = join(folder, 'asked')
  await writeFile(
    join(folder, 'az'),
    `#!/bin/sh\necho "$*" >>'${log}'\necho "Please run 'az login'" >&2\nexit 1\n`,
  )
  await chmod(join(folder, 'az'), 0o755)
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH']}`)
  vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'AzureCliCredential')
  return async () =>
    new Set(
      [...(await readFile(log, 'utf8')).matchAll(/get-access-token.*?(?: --tenant (\S+))?$/gm)].map(
        ([, t]) => t,
      ),
    )
}

let folder = ''
let tenantsAsked: Awaited<ReturnType<typeof signedOutAz>>
beforeEach(async () => {
  folder = await newFolder()
  for (const [n, tenant] of TENANTS.entries())
    await writeFile(join(folder, `${n}.json`), JSON.stringify(settingsOf(tenant)))
  tenantsAsked = await signedOutAz()
})
afterEach(() => {
  vi.unstubAllEnvs()
})

it('status --all signs in to the tenant of each deployment', async () => {
  const { code, stdout } = await cli(['status', '--all', folder, '--json'])
  expect(code).toBe(3)
  expect(JSON.parse(stdout)).toMatchObject({
    deployments: ['0', '1'].map((name) => ({ name, failure: expect.stringMatching(/^Not signed in/) })),
  })
  expect(await tenantsAsked()).toEqual(new Set(TENANTS))
})

// An identity is also found by its name, which may exist in the tenant that the person is at home in.
it.each([
  'respond disable build-pipeline --reason leaked --dry-run',
  'report detections --source graph --from 1d',
])('%s signs in to the tenant of the deployment', async (words) => {
  const { code } = await cli([...words.split(' '), '--settings', join(folder, '1.json')])
  expect(code).not.toBe(0)
  expect(await tenantsAsked()).toEqual(new Set([TENANTS[1]]))
})
