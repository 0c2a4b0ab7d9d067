import { readdirSync } from 'node:fs'
import { CONTAINERS, HUB, QUEUES, TABLES } from '../../../local/stack/names.ts'
import { tableDeclarations } from '../../../shared/sinks/log-analytics/tables.ts'
import { isArray, isObject } from '../../support/bicep/value.ts'
import { writtenSettings } from './setting-rules.ts'
import { at, differences, inEach, ofType, type Rule, SCENARIO_NAMES, textAt } from './world.ts'

const STORAGE = 'Microsoft.Storage/storageAccounts'
/** DCR columns know `datetime`, tables `dateTime`. */
const tableType = (type: string): string => (type === 'datetime' ? 'dateTime' : type)

/** What the infrastructure and the program both name, they name alike. */
export const nameRules: readonly Rule[] = [
  {
    name: 'containers of the archive, queues and tables of the host account are those that the program uses',
    check: inEach(SCENARIO_NAMES, (d) => [
      ...differences(
        'containers',
        ofType(d, `${STORAGE}/blobServices/containers`)
          .filter((r) => r.group.endsWith('-archive'))
          .map((r) => r.name),
        CONTAINERS,
      ),
      ...differences(
        'queues',
        ofType(d, `${STORAGE}/queueServices/queues`).map((r) => r.name),
        QUEUES,
      ),
      ...differences(
        'tables',
        ofType(d, `${STORAGE}/tableServices/tables`).map((r) => r.name),
        TABLES,
      ),
    ]),
  },
  {
    name: 'the app reads the hub and the consumer group that are made',
    check: inEach(SCENARIO_NAMES, (d) => {
      const written = writtenSettings(d)
      const hub = ofType(d, 'Microsoft.EventHub/namespaces/eventhubs')[0]
      const group = ofType(d, 'Microsoft.EventHub/namespaces/eventhubs/consumergroups')[0]
      const namespace = ofType(d, 'Microsoft.EventHub/namespaces')[0]
      return [
        ...(hub?.name === HUB && written.EVENT_HUB_NAME === HUB ? [] : [`hub ${hub?.name}`]),
        ...(group?.name === 'risk-export' && written.EVENT_HUB_CONSUMER_GROUP === group.name
          ? []
          : [`consumer group ${group?.name}`]),
        ...(written.EventHub__fullyQualifiedNamespace === `${namespace?.name}.servicebus.windows.net`
          ? []
          : [`namespace ${written.EventHub__fullyQualifiedNamespace}`]),
      ]
    }),
  },
  {
    name: 'infra/tables.json is what the program declares',
    check: ({ sources }) =>
      JSON.stringify(JSON.parse(sources.text('infra/tables.json'))) === JSON.stringify(tableDeclarations())
        ? []
        : [
            'infra/tables.json differs from the columns declared: write it anew with UPDATE=1 npx vitest run test/sinks/log-analytics/tables.test.ts',
          ],
  },
  {
    name: 'tables have the columns that the program declares',
    check: inEach(SCENARIO_NAMES, (d) => {
      const tables = ofType(d, 'Microsoft.OperationalInsights/workspaces/tables')
      return [
        ...differences(
          'tables',
          tables.map((t) => t.name),
          tableDeclarations().map((t) => t.name),
        ),
        ...tableDeclarations().flatMap(({ name, columns }) => {
          const found = at(tables.find((t) => t.name === name)?.body, 'properties.schema.columns')
          const wanted = columns.map((c) => ({
            name: c.name,
            type: tableType(c.type),
            description: c.description,
          }))
          return JSON.stringify(found) === JSON.stringify(wanted) ? [] : [`columns of ${name}`]
        }),
        ...tables
          .filter((t) => at(t.body, 'properties.schema.name') !== t.name)
          .map((t) => `schema name of ${t.name}`),
        ...tables
          .filter((t) => at(t.body, 'properties.plan') !== 'Analytics')
          .map((t) => `plan of ${t.name}`),
      ]
    }),
  },
  {
    name: 'the data collection rule is Direct, and has a stream and a flow for each table, unchanged on the way',
    check: inEach(SCENARIO_NAMES, (d) => {
      const rule = ofType(d, 'Microsoft.Insights/dataCollectionRules')[0]
      const streams = at(rule?.body, 'properties.streamDeclarations')
      const flows = at(rule?.body, 'properties.dataFlows')
      const destination = at(rule?.body, 'properties.destinations.logAnalytics.0.name')
      const wantedStreams = Object.fromEntries(
        tableDeclarations().map(({ stream, columns }) => [
          stream,
          { columns: columns.map(({ name, type }) => ({ name, type })) },
        ]),
      )
      const wantedFlows = tableDeclarations().map(({ stream }) => ({
        streams: [stream],
        destinations: [destination],
        transformKql: 'source',
        outputStream: stream,
      }))
      return [
        ...(at(rule?.body, 'kind') === 'Direct' ? [] : ['kind is not Direct']),
        ...(textAt(rule?.body, 'properties.destinations.logAnalytics.0.workspaceResourceId').includes(
          '/workspaces/log-',
        )
          ? []
          : ['the rule leads to no workspace']),
        ...(JSON.stringify(streams) === JSON.stringify(wantedStreams) ? [] : ['streams']),
        ...(JSON.stringify(flows) === JSON.stringify(wantedFlows) ? [] : ['flows']),
        ...(isObject(streams) && isArray(flows) ? [] : ['no streams']),
      ]
    }),
  },
  {
    name: 'rule and alarms wait for the tables: they take the names from the module that makes them',
    check: ({ sources }) => {
      const main = sources.text('infra/main.bicep')
      const bodyOf = (name: string) => main.split(`\nmodule ${name} `)[1]?.split('\n}')[0] ?? ''
      return ['ingestion', 'alerts'].filter(
        (name) => !bodyOf(name).includes('tableNames: tables.outputs.names\n'),
      )
    },
  },
  {
    name: 'the rule reads the tables again before it names them',
    check: ({ sources }) => {
      const text = sources.text('infra/modules/ingestion.bicep')
      const rule = text.split("\nresource rule '")[1]?.split('\n}')[0] ?? ''
      return /^resource tables '[^']+' existing = \[for tableName in tableNames/m.test(text) &&
        rule.includes('dependsOn: [\n    tables\n')
        ? []
        : ['infra/modules/ingestion.bicep']
    },
  },
  {
    name: 'names are the same however the name of the deployment and the region are typed',
    check: (world) => {
      const ids = (scenario: 'plain' | 'spelling') =>
        world.deployment(scenario).resources.map((r) => r.id.toLowerCase().replace(/\/role\w+\/[^/]+$/, ''))
      return differences('ids', ids('spelling'), ids('plain'))
    },
  },
  {
    name: 'the function that is always ready exists',
    check: inEach(['usual'], (d) => {
      const ready = at(
        ofType(d, 'Microsoft.Web/sites')[0]?.body,
        'properties.functionAppConfig.scaleAndConcurrency.alwaysReady',
      )
      const functions = readdirSync('functions').map((file) => `function:${file.replace('.ts', '')}`)
      const names = isArray(ready) ? ready.map((r) => textAt(r, 'name')) : []
      return names.length === 1 && names.every((name) => functions.includes(name))
        ? []
        : [`always ready: ${names.join()}`]
    }),
  },
]
