import {
  createDefaultHttpClient,
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
} from '@azure/core-rest-pipeline'
import { AzureNamedKeyCredential, generateAccountSas, TableClient } from '@azure/data-tables'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLocalAuthority, LOCAL_HOSTS } from '../../local/emulators/tls/local-authority.ts'
import { AS_STORED } from '../../shared/azure/entity-value.ts'
import { type LeanTable, leanTable, type TableWrite } from '../../shared/azure/lean-table.ts'
import { trustingClient } from '../../shared/composition/trusting-client.ts'
import { type AzuriteStores, azuriteStores } from '../support/azurite-stores.ts'
import { status } from '../support/scripted-answer.ts'
import { startScriptedServer } from '../support/scripted-server.ts'

const PARTITION = "webhook|o'clock=20"
const keysOf = (rowKey: string) => ({ partitionKey: PARTITION, rowKey })
/** What a storage answers for one write of a transaction. */
const DONE = 'HTTP/1.1 204 No Content\r\nDataServiceVersion: 1.0;\r\n\r\n\r\n'
const transactionAnswer = (...parts: readonly string[]): string =>
  `--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_1\r\n\r\n${parts
    .map(
      (part) =>
        `--changesetresponse_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n${part}`,
    )
    .join('')}--changesetresponse_1--\r\n--batchresponse_1--\r\n`
/** Without it, the SDK takes an answer for JSON. */
const MULTIPART = { 'content-type': 'multipart/mixed; boundary=batchresponse_1' }
const refusal = (code: number, name: string, place: number): string =>
  `HTTP/1.1 ${code} No\r\nContent-Type: application/json\r\n\r\n{"odata.error":{"code":"${name}","message":{"lang":"en-US","value":"${place}:It is so.\\nTime:2026"}}}\r\n`

/** A client that keeps what it would send, and is answered that all was done. */
function keeping(url: string, writes: number) {
  const sent: PipelineRequest[] = []
  const httpClient: HttpClient = {
    async sendRequest(request) {
      sent.push(request)
      const bodyAsText = transactionAnswer(...Array.from({ length: writes }, () => DONE))
      return { request, status: 202, headers: createHttpHeaders(MULTIPART), bodyAsText }
    },
  }
  const credential = new AzureNamedKeyCredential('dev', Buffer.alloc(64).toString('base64'))
  const client = () =>
    new TableClient(url, 'outbox', credential, { httpClient, allowInsecureConnection: true })
  return { sent, sdk: client(), lean: leanTable(client(), httpClient) }
}

/** Without what differs from request to request. */
const sameIds = (text: unknown): string => String(text).replace(/(batch|changeset)_[0-9a-f-]{36}/g, '$1')

describe('a lean transaction', () => {
  const key = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom("o'clock", "''", '100%', '%27', 'ü/漢字', '?#&\\', '', '.', '..', '{rowKey}', '(a,b)'),
  )
  const property = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.boolean(),
    fc.record({ type: fc.constant('Int64' as const), value: fc.bigInt().map(String) }),
    fc.record({ type: fc.constant('DateTime' as const), value: fc.constant('2026-03-01T00:00:00Z') }),
  )
  const name = fc
    .stringMatching(/^[a-z]{3}[A-Za-z]{1,9}$/)
    .filter((one) => !/^(?:rowKey|timestamp)$/.test(one))
  const entity = fc
    .tuple(key, fc.dictionary(name, property, { noNullPrototype: true }))
    .map(([rowKey, own]) => ({ ...keysOf(rowKey), ...own }))
  const write: fc.Arbitrary<TableWrite> = fc.oneof(
    entity.map((one): TableWrite => ['create', one]),
    key.map((rowKey): TableWrite => ['delete', keysOf(rowKey)]),
    fc
      .tuple(entity, fc.constantFrom('Merge' as const, 'Replace' as const))
      .map(([one, mode]): TableWrite => ['upsert', one, mode]),
  )

  it.each([
    'https://dev.table.core.windows.net',
    'http://127.0.0.1:10002/dev',
    'http://127.0.0.1:10002/dev/',
  ])('is byte for byte that of the SDK, whatever is written: %s', async (url) => {
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 5 }), async (writes) => {
        const { sent, sdk, lean } = keeping(url, writes.length)
        await sdk.submitTransaction(writes)
        await lean.submitTransaction(writes)
        const [theirs, ours] = sent
        expect(sameIds(ours?.body)).toBe(sameIds(theirs?.body))
        for (const one of ['url', 'method', 'allowInsecureConnection'] as const)
          expect(ours?.[one]).toBe(theirs?.[one])
        for (const header of ['accept', 'content-type', 'x-ms-version', 'dataserviceversion'])
          expect(sameIds(ours?.headers.get(header))).toBe(sameIds(theirs?.headers.get(header)))
        expect(ours?.headers.get('authorization')).toMatch(/^SharedKeyLite dev:/)
      }),
      { numRuns: 100 },
    )
  })

  it('with a key that is no text in Unicode fails as that of the SDK does', async () => {
    const { sdk, lean } = keeping('https://dev.table.core.windows.net', 1)
    for (const table of [sdk, lean])
      await expect(table.submitTransaction([['delete', keysOf('\ud800')]])).rejects.toThrow(URIError)
  })
})

describe('a storage', () => {
  let stores: AzuriteStores
  let table: LeanTable
  beforeAll(async () => {
    stores = await azuriteStores()
    table = await stores.table()
  })
  afterAll(() => stores.stop())

  const rowKeys = async (of = table): Promise<readonly string[]> => {
    const found: string[] = []
    for await (const { rowKey = '' } of of.listEntities()) found.push(rowKey)
    return found
  }
  const errorOf = (writes: TableWrite[], of = table): Promise<unknown> =>
    of.submitTransaction(writes).then(
      () => undefined,
      ({ name, statusCode, code, message }) => ({ name, statusCode, code, message }),
    )

  it('does what a transaction says', async () => {
    const long = { type: 'Int64', value: '9007199254740993' }
    await table.submitTransaction([
      ['create', { ...keysOf("o'clock"), text: 'ü', whole: 1, long }],
      ['create', { ...keysOf('100% ü'), old: true }],
      ['upsert', { ...keysOf('漢字'), isNew: true }, 'Replace'],
    ])
    await table.submitTransaction([
      ['upsert', { ...keysOf("o'clock"), text: 'changed' }, 'Merge'],
      ['upsert', { ...keysOf('100% ü'), whole: 2 }, 'Replace'],
      ['delete', keysOf('漢字')],
    ])
    expect(await table.getEntity(PARTITION, "o'clock", AS_STORED)).toMatchObject({
      text: { type: 'String', value: 'changed' },
      whole: { type: 'Int32', value: '1' },
      long,
    })
    const replaced = await table.getEntity(PARTITION, '100% ü', AS_STORED)
    expect(replaced).toMatchObject({ whole: { type: 'Int32', value: '2' } })
    expect(replaced).not.toHaveProperty('old')
    await table.submitTransaction([
      ['delete', keysOf("o'clock")],
      ['delete', keysOf('100% ü')],
    ])
    expect(await rowKeys()).toEqual([])
  })

  it('refuses all of it for one write, and the error says for which', async () => {
    await table.createEntity(keysOf('there'))
    const create = (rowKey: string): TableWrite => ['create', keysOf(rowKey)]
    expect(await errorOf([create('a'), create('b'), create('there')])).toEqual({
      name: 'RestError',
      statusCode: 409,
      code: 'EntityAlreadyExists',
      message: 'The storage answered a transaction with status 409, about the row there.',
    })
    expect(
      await errorOf([
        ['delete', keysOf('there')],
        ['delete', keysOf('gone')],
      ]),
    ).toMatchObject({ statusCode: 404, code: 'ResourceNotFound', message: expect.stringContaining('gone') })
    expect(await rowKeys()).toEqual(['there'])
  })

  it('deletes a hundred rows at once', async () => {
    const many = await stores.table()
    const keys = Array.from({ length: 100 }, (_, i) => keysOf(`row ${i}`))
    await many.submitTransaction(keys.map((one) => ['create', one]))
    expect(await rowKeys(many)).toHaveLength(100)
    await many.submitTransaction(keys.map((one) => ['delete', one]))
    expect(await rowKeys(many)).toEqual([])
  })

  it('takes a transaction that is signed by a shared access signature', async () => {
    const { url, tableName } = await stores.table()
    const [, account = '', accountKey = ''] =
      /AccountName=([^;]+).*AccountKey=([^;]+)/.exec(stores.azurite.connectionString) ?? []
    const signature = generateAccountSas(new AzureNamedKeyCredential(account, accountKey))
    const client = new TableClient(`${url}?${signature}`, tableName, { allowInsecureConnection: true })
    const signed = leanTable(client, createDefaultHttpClient())
    await signed.submitTransaction([
      ['create', keysOf('a')],
      ['create', keysOf('b')],
    ])
    expect(await rowKeys(signed)).toEqual(['a', 'b'])
  })
})

describe('an answer to a transaction of two writes', () => {
  const answered = async (code: number, body: string): Promise<unknown> => {
    const authority = await createLocalAuthority()
    const server = await startScriptedServer(await authority.issue(LOCAL_HOSTS))
    server.script(status(code, code < 300 ? MULTIPART : { 'content-type': 'application/json' }, body))
    const httpClient = trustingClient(authority.caPem)
    const client = new TableClient(`${server.origin}/dev`, 'outbox', { httpClient })
    try {
      return await leanTable(client, httpClient)
        .submitTransaction([
          ['delete', keysOf('a')],
          ['delete', keysOf('b')],
        ])
        .then(
          () => 'done',
          ({ statusCode, code: name, message }) => ({ statusCode, name, message }),
        )
    } finally {
      await server.stop()
    }
  }

  it('is success if it says of each that it is done', async () => {
    expect(await answered(202, transactionAnswer(DONE, DONE))).toBe('done')
  })

  it.each([
    ['says it of one only', transactionAnswer(DONE), 1],
    ['says it of three', transactionAnswer(DONE, DONE, DONE), 3],
    ['is cut off', transactionAnswer(DONE, DONE).slice(0, 300), 1],
    ['is empty', '', 0],
    ['is a page', '<html>HTTP/1.1 204</html>', 0],
  ])('is an error if it %s', async (_, body, told) => {
    const message = `The storage answered for ${told} of the 2 writes of a transaction.`
    expect(await answered(202, body)).toEqual({ statusCode: undefined, name: undefined, message })
  })

  it.each([
    [
      'a write',
      202,
      transactionAnswer(refusal(404, 'ResourceNotFound', 1)),
      404,
      'ResourceNotFound',
      ', about the row b',
    ],
    [
      'a later write',
      202,
      transactionAnswer(DONE, refusal(412, 'UpdateConditionNotSatisfied', 1)),
      412,
      'UpdateConditionNotSatisfied',
      ', about the row b',
    ],
    [
      'a write that is not ours',
      202,
      transactionAnswer(refusal(404, 'ResourceNotFound', 7)),
      404,
      'ResourceNotFound',
      '',
    ],
    [
      'all',
      403,
      '{"odata.error": {"code": "AuthorizationFailure", "message": {}}}',
      403,
      'AuthorizationFailure',
      '',
    ],
    ['all, without a reason', 400, '', 400, undefined, ''],
    ['nothing, but in another way', 200, transactionAnswer(DONE, DONE), 200, undefined, ''],
  ])('is an error with status and code if it refuses %s', async (_, code, body, statusCode, name, row) => {
    const message = `The storage answered a transaction with status ${statusCode}${row}.`
    expect(await answered(code, body)).toEqual({ statusCode, name, message })
  })

  it('brings a token, and is asked for again where the storage has no time', async () => {
    const authority = await createLocalAuthority()
    const server = await startScriptedServer(await authority.issue(LOCAL_HOSTS))
    server.script(status(503), status(202, MULTIPART, transactionAnswer(DONE)))
    const token = { getToken: async () => ({ token: 'writer', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) }
    const httpClient = trustingClient(authority.caPem)
    const options = { httpClient, retryOptions: { retryDelayInMs: 1 } }
    const client = new TableClient(`${server.origin}/dev`, 'outbox', token, options)
    await leanTable(client, httpClient).submitTransaction([['delete', keysOf('a')]])
    expect(server.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/dev/$batch', 'Bearer writer'],
      ['/dev/$batch', 'Bearer writer'],
    ])
    await server.stop()
  })

  it('over http brings no token', async () => {
    const token = { getToken: () => Promise.reject(new Error('A token was asked for.')) }
    const client = new TableClient('http://127.0.0.1:1/dev', 'outbox', token)
    const table = leanTable(client, createDefaultHttpClient())
    await expect(table.submitTransaction([['delete', keysOf('a')]])).rejects.toThrow('non-https')
  })
})
