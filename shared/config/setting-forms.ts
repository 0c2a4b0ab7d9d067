import { isIP } from 'node:net'
import * as z from 'zod/mini'
import { EXPORTED_CATEGORIES } from '../domain/category.ts'
import { isCertificates, isSigningKey, withLineBreaks } from './certificates.ts'
import {
  isEventHubsConnectionString,
  isInsightsConnectionString,
  isStorageConnectionString,
  type StorageService,
} from './connection-string.ts'
import { hasOccurrence, readCron } from './cron-schedule.ts'

// The formats of settings. A value that cannot work is refused at load, by the setting's name,
// instead of failing event by event.

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i
const NIL = '00000000-0000-0000-0000-000000000000'

const isPercentEncoded = (text: string): boolean => {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

const matching = (form: RegExp, expected: string) => z.string().check(z.regex(form, expected))
const such = (holds: (text: string) => boolean, expected: string) =>
  z.string().check(z.refine(holds, expected))

/** One of several words. */
export const oneOf = <const T extends readonly [string, ...string[]]>(...names: T) =>
  z.enum(names, { error: `expected ${names.join(' or ')}` })

const withUrl = (holds: (url: URL) => boolean) => (text: string) =>
  !URL.canParse(text) || holds(new URL(text))

const url = (protocol: RegExp, expected: string) =>
  z.string().check(
    z.refine((text) => protocol.test(text) && URL.canParse(text), { error: expected, abort: true }),
    z.refine(
      withUrl(({ port }) => port !== '0'),
      'expected a port that is not 0',
    ),
  )

const withoutUser = z.refine<string>(
  withUrl(({ username, password }) => username === '' && password === ''),
  'contains a user name or password, which is not sent: expected a URL without them',
)

/** An https URL without user name or password, which would be shown but never sent. */
export const httpsUrl = url(/^https:\/\/[^/]/i, 'expected an https URL').check(withoutUser)

/** An http or https URL, for what is signed by itself. */
export const webUrl = url(/^https?:\/\/[^/]/i, 'expected an http or https URL').check(withoutUser)

/** The address of an Azure service: no path, no query. */
export const serviceUrl = httpsUrl.check(
  z.refine(
    withUrl(({ pathname, search, hash }) => pathname === '/' && search === '' && hash === ''),
    'expected only the endpoint, without path or query',
  ),
)

/** A forward proxy; may include user name and password. */
export const proxyUrl = url(/^https?:\/\/[^/]/i, 'expected an http or https URL').check(
  z.refine(
    withUrl(({ username, password }) => isPercentEncoded(username) && isPercentEncoded(password)),
    'its user name or password is not percent-encoded: write % as %25',
  ),
)

export const hostName = matching(HOST_NAME, 'expected a host name, without scheme, port or path')

export const guid = z
  .guid('expected a GUID')
  .check(z.refine((text) => text !== NIL, 'expected a GUID that is not all zeros'))

export const lowerCaseGuid = z.pipe(
  guid,
  z.transform((text) => text.toLowerCase()),
)

export const wholeNumber = (min: number, max: number) => {
  const expected = `expected a whole number from ${min} to ${max}`
  const isWithin = (value: number) => Number.isInteger(value) && value >= min && value <= max
  return z.coerce.number(expected).check(z.refine(isWithin, expected))
}

export const flag = z.pipe(
  oneOf('true', 'false'),
  z.transform((text) => text === 'true'),
)

/** Comma-separated words, at least one. */
export const words = z
  .pipe(
    z.string(),
    z.transform((text) =>
      text
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== ''),
    ),
  )
  .check(z.refine((list) => list.length > 0, 'names nothing: leave it empty, or list at least one'))

/** Host names or addresses. */
export const hosts = words.check(
  z.refine(
    (list) => list.every((host) => isIP(host.replace(/^\[|\]$/g, '')) !== 0 || /^[A-Za-z0-9.-]+$/.test(host)),
    'expected host names, without port or path',
  ),
)

export const categories = words.check(
  z.refine(
    (names) => names.every((n) => EXPORTED_CATEGORIES.some((c) => c === n)),
    `expected category names out of ${EXPORTED_CATEGORIES.join(', ')}, separated by commas`,
  ),
)

/**
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsofteventhub
 */
export const eventHubName = matching(
  /^[a-z0-9]([a-z0-9._-]{0,254}[a-z0-9])?$/i,
  'expected the name of an event hub: letters, digits, dots, hyphens and underscores',
)

export const consumerGroup = matching(
  /^(\$default|[a-z0-9]([a-z0-9._-]{0,48}[a-z0-9])?)$/i,
  'expected $Default or the name of a consumer group: letters, digits, dots, hyphens and underscores',
)

export const ruleId = matching(
  /^dcr-[0-9a-f]{32}$/,
  'expected dcr- and 32 hex digits (immutableId of the data collection rule)',
)

export const sha256 = z.pipe(
  matching(/^[0-9a-f]{64}$/i, 'expected a SHA-256: 64 hex digits'),
  z.transform((text) => text.toLowerCase()),
)

export const insightsAuthentication = matching(
  /(^|;)Authorization=AAD(;|$)/i,
  'expected Authorization=AAD, and ClientId=GUID beside it',
)

export const eventHubsConnection = such(
  isEventHubsConnectionString,
  'expected an Event Hubs connection string: Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…',
)

/**
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftstorage;
 * six characters short of the longest, for the container that is named after it
 */
export const containerName = matching(
  /^(?=.{3,57}$)[a-z0-9]+(-[a-z0-9]+)*$/,
  'expected the name of a container: 3 to 57 lower-case letters, digits and single hyphens',
)

/**
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault
 */
export const keyName = matching(
  /^[a-z0-9-]{1,127}$/i,
  'expected the name of a key: letters, digits and hyphens',
)

/** A private key of P-256, PEM; line breaks may be written as \\n. */
export const privateKey = z
  .pipe(z.string(), z.transform(withLineBreaks))
  .check(z.refine(isSigningKey, 'expected a private key of P-256, PEM, not encrypted'))

export const storageConnection = (...services: readonly StorageService[]) =>
  such(
    (text) => isStorageConnectionString(text, services),
    `expected a storage connection string for ${services.join(', ')}: DefaultEndpointsProtocol=…;AccountName=…;AccountKey=…;EndpointSuffix=…, or endpoints`,
  )

export const insightsConnection = such(
  isInsightsConnectionString,
  'expected an Application Insights connection string: InstrumentationKey=GUID;IngestionEndpoint=…',
)

/** 24 to 64 bytes: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export const signingSecret = such((text) => {
  const encoded = /^whsec_([A-Za-z0-9+/]{32,88}={0,2})$/.exec(text)?.[1]
  if (encoded === undefined) return false
  const bytes = Buffer.from(encoded, 'base64')
  return bytes.toString('base64') === encoded && bytes.length >= 24 && bytes.length <= 64
}, 'expected whsec_ and the Base64 of 24 to 64 random bytes')

/** Folders beside a sink's dead letters, and rows beside it in `/api/health` and `doctor`. */
const TAKEN = ['records', 'poison', 'archive', 'hub', 'app']

/** Names of destinations; each becomes part of the names of settings. */
export const destinations = words.check(
  z.refine(
    (names) => names.every((name) => /^[a-z][a-z0-9]{0,30}$/.test(name) && !TAKEN.includes(name)),
    `expected names of lower-case letters and digits, separated by commas, other than ${TAKEN.join(', ')}`,
  ),
)

/** A token valid in an HTTP header. */
export const token = matching(
  /^[\x21-\x7e]+$/,
  'contains a space, a line break or a non-ASCII character: enter it again',
)

/** https://docs.splunk.com/Documentation/Splunk/latest/Indexer/Setupmultipleindexes */
export const splunkIndex = matching(
  /^[a-z0-9_][a-z0-9_-]{0,79}$/,
  'expected the name of a Splunk index: lower-case letters, digits, hyphens and underscores',
)

/** https://www.elastic.co/docs/reference/ecs/ecs-data_stream */
export const elasticNamespace = matching(
  /^[a-z0-9_.][a-z0-9_.]{0,99}$/,
  'expected the namespace of data streams: lower-case letters, digits, dots and underscores',
)

export const certificates = z
  .pipe(z.string(), z.transform(withLineBreaks))
  .check(
    z.refine(
      isCertificates,
      'expected complete PEM certificates, each from BEGIN CERTIFICATE to END CERTIFICATE',
    ),
  )

export const schedule = z.string().check(
  z.refine((text) => text.trim().split(/\s+/).length === 6 && readCron(text) !== undefined, {
    error: 'expected six NCRONTAB fields: second minute hour day month weekday (UTC)',
    abort: true,
  }),
  z.refine((text) => {
    const cron = readCron(text)
    return cron !== undefined && hasOccurrence(cron)
  }, 'no date matches: it would never fire'),
)
