import { isIP } from 'node:net'
import { isForbiddenAddress } from '../domain/forbidden-address.ts'
import type { Redaction } from '../domain/redaction.ts'
import {
  type AuthenticationName,
  WEBHOOK_FORMATS,
  type WebhookFormatTraits,
} from '../domain/webhook-formats.ts'
import { namesUsers, usersNotIncluded } from './user-filters.ts'
import type { WebhookValues } from './webhook-settings.ts'

/** The settings of a destination that are valid on their own; invalid or unset ones are absent. */
export type ValidWebhook = { readonly [name in keyof WebhookValues]?: WebhookValues[name] | undefined }

/** A rule about several settings. Invalid settings are skipped: they are reported already. */
interface Rule {
  readonly of: readonly (keyof WebhookValues)[]
  readonly holds: (s: ValidWebhook, includesUsers: boolean) => boolean
  /** @param at what the names of the settings begin with */
  readonly problem: (at: string) => string
}

const bareHost = (host: string): string => host.toLowerCase().replace(/^\[|\]$/g, '')
const hostOf = (url: string): string => bareHost(new URL(url).hostname)

const traitsOf = ({ FORMAT = 'cloudevents' }: ValidWebhook): WebhookFormatTraits => WEBHOOK_FORMATS[FORMAT]

/** How a destination authenticates: as told, or as is usual for its format. */
export const authenticationOf = (s: ValidWebhook): AuthenticationName => s.AUTH ?? traitsOf(s).authentication

const BY_TOKEN: readonly AuthenticationName[] = ['bearer', 'api-key', 'header', 'splunk', 'basic']

const needs = (
  name: 'SECRET' | 'TOKEN' | 'TOKEN_HEADER' | 'TOKEN_SCOPE',
  by: readonly AuthenticationName[],
): Rule => ({
  of: ['URL', 'AUTH', 'FORMAT', name],
  holds: (s) =>
    s[name] !== undefined ||
    !by.includes(authenticationOf(s)) ||
    (name === 'TOKEN_HEADER' && traitsOf(s).tokenHeader !== undefined),
  problem: (at) => `${at}${name} is not set, but ${at}AUTH or ${at}FORMAT asks for it`,
})

const hasItsKey = (redactions: readonly Redaction[], key: string | undefined): boolean =>
  key !== undefined || !redactions.some(({ how }) => how === 'hash')

/** What is wrong with the redactions of a sink. @param at what the names of its settings begin with */
export const redactionProblems = (
  redactions: readonly Redaction[],
  key: string | undefined,
  at: string,
): readonly string[] =>
  hasItsKey(redactions, key)
    ? []
    : [`${at}REDACT_KEY is not set, or its reference is not resolved, but ${at}REDACT hashes`]

const RULES: readonly Rule[] = [
  { of: ['URL'], holds: (s) => s.URL !== undefined, problem: (at) => `${at}URL is not set` },
  needs('SECRET', ['signature']),
  needs('TOKEN', BY_TOKEN),
  needs('TOKEN_HEADER', ['header']),
  needs('TOKEN_SCOPE', ['entra']),
  {
    of: ['FORMAT', 'FRAMING'],
    holds: (s) => s.FRAMING === undefined || s.FRAMING in traitsOf(s).contentTypes,
    problem: (at) => `${at}FRAMING is not one that ${at}FORMAT allows`,
  },
  {
    of: ['REDACT', 'REDACT_KEY'],
    holds: ({ REDACT = [], REDACT_KEY: key }) => hasItsKey(REDACT, key),
    problem: (at) => `${at}REDACT_KEY is not set, but ${at}REDACT hashes`,
  },
  ...(['CATEGORIES', 'IDENTITY_TYPES'] as const).map(
    (filter): Rule => ({
      of: [filter],
      holds: (s, includesUsers) => includesUsers || !namesUsers(filter, s[filter]),
      problem: (at) => usersNotIncluded(filter, at + filter),
    }),
  ),
  {
    of: ['PROXY_URL', 'ALLOWED_HOSTS'],
    holds: (s) => s.PROXY_URL === undefined || (s.ALLOWED_HOSTS ?? []).length > 0,
    problem: (at) =>
      `${at}ALLOWED_HOSTS is empty, but ${at}PROXY_URL is set: behind a proxy the allowed hosts must be listed`,
  },
  {
    of: ['URL', 'ALLOWED_HOSTS'],
    holds: ({ URL: url, ALLOWED_HOSTS: hosts = [] }) =>
      url === undefined || hosts.length === 0 || hosts.some((host) => bareHost(host) === hostOf(url)),
    problem: (at) => `${at}ALLOWED_HOSTS does not name the host of ${at}URL`,
  },
  {
    of: ['URL', 'ALLOW_PRIVATE_ADDRESSES'],
    holds: ({ URL: url, ALLOW_PRIVATE_ADDRESSES: allowed }) =>
      url === undefined || allowed === true || isIP(hostOf(url)) === 0 || !isForbiddenAddress(hostOf(url)),
    problem: (at) =>
      `${at}URL has a private, loopback or reserved address, which is not allowed: set ${at}ALLOW_PRIVATE_ADDRESSES to true if it is intended`,
  },
]

/**
 * Violated rules.
 * @param at what the names of the settings begin with
 * @param broken settings that are invalid on their own, by the rest of their names
 */
export const webhookProblems = (
  s: ValidWebhook,
  includesUsers: boolean,
  at: string,
  broken: ReadonlySet<string>,
): readonly string[] =>
  RULES.filter((rule) => !rule.of.some((name) => broken.has(name)) && !rule.holds(s, includesUsers)).map(
    ({ problem }) => problem(at),
  )
