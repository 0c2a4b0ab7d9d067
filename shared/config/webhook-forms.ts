import { X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import * as z from 'zod/mini'
import { EVENT_FIELDS } from '../domain/event-fields.ts'
import { REDACTIONS, type Redaction } from '../domain/redaction.ts'
import { withLineBreaks } from './certificates.ts'
import { parseHeaders } from './parse-headers.ts'
import { words } from './setting-forms.ts'

// The formats of settings that only webhooks have.

/** https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/
/** Headers that say how a request is sent, or that have a setting of their own. */
const OWN_HEADERS =
  /^(connection|content-(encoding|length|type)|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade|user-agent|webhook-.*)$/i

export const headerName = z
  .string()
  .check(
    z.refine(
      (name) => HEADER_NAME.test(name) && !OWN_HEADERS.test(name),
      'expected the name of a header that this program does not set itself',
    ),
  )

/** Headers as a JSON object; names in lower case. */
export const headers = z
  .pipe(z.string(), z.transform(parseHeaders))
  .check(
    z.refine(
      (given) =>
        given !== undefined &&
        Object.entries(given).every(
          ([name, value]) =>
            HEADER_NAME.test(name) && !OWN_HEADERS.test(name) && /^[\x20-\x7e]{1,8000}$/.test(value),
        ),
      'expected a JSON object of header names and printable texts, such as {"x-api-key":"…"}, without headers that this program sets itself',
    ),
  )

export const contentType = z
  .string()
  .check(
    z.regex(/^[\w.+-]+\/[\w.+-]+(?:; ?[\w-]+=[\w.-]+)*$/, 'expected a media type, such as application/json'),
  )

/** A certificate and its private key, PEM; line breaks may be written as \\n. */
export const clientPem = z.pipe(z.string(), z.transform(withLineBreaks)).check(
  z.refine((pem) => {
    try {
      createSecureContext({ cert: pem, key: pem })
      return new X509Certificate(pem).subject !== undefined
    } catch {
      return false
    }
  }, 'expected a certificate and its unencrypted private key, both PEM'),
)

/** An Entra ID scope of an application, such as `api://…/.default`. */
export const scope = z
  .string()
  .check(z.regex(/^[\x21-\x7e]+\/\.default$/, 'expected the scope of an application, ending in /.default'))

/** Members of an event that tell events apart, or of which the program needs the value. */
const KEPT =
  /^(kind|eventId|factKey|origin|category|tenantId|activityAt|detectedAt|lastUpdatedAt|lastUpdatedFrom)$/
const TOP = new Set(EVENT_FIELDS.map((field) => field.split('.')[0]))
const WITH_MEMBERS = /^(identity|risk|attack|detection)\./
/** Objects, and what each is told by: without it, its other members would have no place. */
const NEEDED = new Set(['identity.type', 'identity', 'risk', 'attack', 'detection', 'detection.name'])

const isField = (path: string): boolean => {
  const [top = ''] = path.split('.')
  const isKnown = WITH_MEMBERS.test(path) ? EVENT_FIELDS.some((field) => field === path) : TOP.has(top)
  return isKnown && !KEPT.test(path) && !NEEDED.has(path)
}

/** `field:drop`, `field:mask` or `field:hash`, separated by commas. */
export const redactions = z.pipe(
  words.check(
    z.refine(
      (list) =>
        list.every((word) => {
          const [field = '', how = '', more] = word.split(':')
          return more === undefined && isField(field) && REDACTIONS.some((one) => one === how)
        }),
      `expected FIELD:${REDACTIONS.join(', FIELD:')}, with fields of docs/fields.md that do not tell events apart`,
    ),
  ),
  z.transform((list) =>
    list.map((word) => {
      const [field = '', how = ''] = word.split(':')
      return { path: field.split('.'), how: how as Redaction['how'] }
    }),
  ),
)
