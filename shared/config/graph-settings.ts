import { flag, schedule, serviceUrl, wholeNumber } from './setting-forms.ts'

/** The settings about Microsoft Graph, as part of `DECLARED_SETTINGS`. */
export const GRAPH_SETTINGS = {
  GRAPH_RECONCILE: flag.default(false).meta({
    description:
      'Compare the stream with Microsoft Graph, and send what it has not brought. Needs permissions: [graph.md](graph.md).',
    example: 'true',
  }),
  GRAPH_RECONCILE_SCHEDULE: schedule.default('0 17 * * * *').meta({
    description: 'When to compare with Microsoft Graph (NCRONTAB, UTC).',
    example: '0 17 * * * *',
  }),
  GRAPH_RECONCILE_HOURS: wholeNumber(1, 168).default(72).meta({
    description: 'How far back the comparison goes, in hours.',
    example: '72',
  }),
  GRAPH_RECONCILE_GRACE_MINUTES: wholeNumber(0, 1440).default(60).meta({
    description: 'How long a fact must be missing in the stream before it is sent, in minutes.',
    example: '60',
  }),
  GRAPH_CONTEXT: flag.default(false).meta({
    description: 'Read the context of identities at risk. Needs permissions: [graph.md](graph.md).',
    example: 'true',
  }),
  GRAPH_CONTEXTS_PER_HOUR: wholeNumber(1, 300).default(200).meta({
    description: 'Maximum number of contexts in an hour.',
    example: '200',
  }),
  GRAPH_INCLUDE_AGENTS: flag.default(false).meta({
    description: 'Also read risk of agent identities, whose API is in beta.',
    example: 'false',
  }),
  GRAPH_ENDPOINT: serviceUrl.default('https://graph.microsoft.com').meta({
    description: 'Microsoft Graph; another in national clouds.',
    example: 'https://graph.microsoft.us',
  }),
}
