import * as z from 'zod/mini'
import { flag, schedule, serviceUrl, wholeNumber } from './setting-forms.ts'
import { SETTING_NOTES } from './setting-notes.ts'

/** The settings about Microsoft Graph, as part of `DECLARED_SETTINGS`. */
export const GRAPH_SETTINGS = {
  GRAPH_RECONCILE: z._default(flag, false).register(SETTING_NOTES, {
    description:
      'Compare the stream with Microsoft Graph, and send what it has not brought. Needs permissions: [graph.md](graph.md).',
    example: 'true',
  }),
  GRAPH_RECONCILE_SCHEDULE: z._default(schedule, '0 17 * * * *').register(SETTING_NOTES, {
    description: 'When to compare with Microsoft Graph (NCRONTAB, UTC).',
    example: '0 17 * * * *',
  }),
  GRAPH_RECONCILE_HOURS: z._default(wholeNumber(1, 168), 72).register(SETTING_NOTES, {
    description: 'How far back the comparison goes, in hours.',
    example: '72',
  }),
  GRAPH_RECONCILE_GRACE_MINUTES: z._default(wholeNumber(0, 1440), 60).register(SETTING_NOTES, {
    description: 'How long a fact must be missing in the stream before it is sent, in minutes.',
    example: '60',
  }),
  GRAPH_CONTEXT: z._default(flag, false).register(SETTING_NOTES, {
    description: 'Read the context of identities at risk. Needs permissions: [graph.md](graph.md).',
    example: 'true',
  }),
  GRAPH_CONTEXTS_PER_HOUR: z._default(wholeNumber(1, 1500), 600).register(SETTING_NOTES, {
    description: 'Maximum number of contexts in an hour.',
    example: '600',
  }),
  GRAPH_INCLUDE_AGENTS: z._default(flag, false).register(SETTING_NOTES, {
    description: 'Also read risk of agent identities, whose API is in beta.',
    example: 'false',
  }),
  RESOURCE_MANAGER_ENDPOINT: z._default(serviceUrl, 'https://management.azure.com/').register(SETTING_NOTES, {
    description:
      "Azure Resource Manager, which knows Entra's diagnostic settings; another in national clouds.",
    example: 'https://management.usgovcloudapi.net',
  }),
  GRAPH_ENDPOINT: z._default(serviceUrl, 'https://graph.microsoft.com').register(SETTING_NOTES, {
    description: 'Microsoft Graph; another in national clouds.',
    example: 'https://graph.microsoft.us',
  }),
}
