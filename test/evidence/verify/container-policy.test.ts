import { describe, expect, it } from 'vitest'
import { cli } from '../../cli/cli-under-test.ts'
import { folderOf, sealedCopy } from './sealed-copy.ts'

const ID =
  '/subscriptions/1/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/a/blobServices/default/containers/archive/immutabilityPolicies/default'

/** As `az storage container immutability-policy show` prints it. */
const policy = (state: string, days = 400): string =>
  JSON.stringify({
    allowProtectedAppendWrites: null,
    etag: '"8d"',
    id: ID,
    immutabilityPeriodSinceCreationInDays: days,
    name: 'default',
    resourceGroup: 'rg',
    state,
    type: 'x',
  })

async function verified(content: string) {
  const { files } = await sealedCopy()
  const folder = await folderOf(new Map([['policy.json', content]]))
  const { code, stdout, stderr } = await cli([
    'verify',
    '--json',
    '--dir',
    await folderOf(files),
    '--policy',
    `${folder}/policy.json`,
  ])
  const classes =
    stdout === ''
      ? []
      : JSON.parse(stdout).findings.map(
          (one: { class: string; subject: string }) => `${one.class} ${one.subject}`,
        )
  return { code, stderr, classes: classes.filter((one: string) => !one.startsWith('KEY_NOT_GIVEN')) }
}

describe('risk-export verify --policy', () => {
  it('says nothing of a locked policy', async () => {
    expect(await verified(policy('Locked'))).toMatchObject({ code: 0, classes: [] })
  })

  it.each([
    ['an unlocked policy', policy('Unlocked')],
    ['no policy', policy('Unlocked', 0)],
  ])('notes %s, which is no fault of the data', async (_, content) => {
    expect(await verified(content)).toMatchObject({ code: 0, classes: ['POLICY_UNLOCKED archive'] })
  })

  it.each([['not JSON'], ['{}'], ['{"state":"Locked"}'], [`{"id":"${ID}","state":"Maybe"}`]])(
    'refuses a file that is none: %s',
    async (content) => {
      const { code, stderr } = await verified(content)
      expect(code).toBe(3)
      expect(stderr).toContain('immutability-policy show')
    },
  )
})
