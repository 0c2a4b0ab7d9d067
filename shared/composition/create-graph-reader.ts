import { operatorSettings } from '../config/operator-settings.ts'
import type { AppSettings } from '../config/parse-settings.ts'
import type { Environment } from '../config/setting-problems.ts'
import type { ResponsibleContext } from '../domain/identity-context.ts'
import type { Time } from '../domain/time.ts'
import { NAME_PERMISSIONS, type ResponsibleNames, responsibleNames } from '../graph/responsible-names.ts'
import { riskCollections } from '../graph/risk-collections.ts'
import { collectionsFor, readGraphReport } from '../operations/report/graph-report.ts'
import {
  MAX_REPORT_ROWS,
  type Report,
  type ReportName,
  type ReportQuery,
} from '../operations/report/read-report.ts'
import { graphClientFor } from './graph-access.ts'
import { recordReader } from './record-reader.ts'
import { accessOf, type SignIn } from './sign-in.ts'

export interface GraphReaderWorld {
  readonly env: Environment
  readonly signIn: SignIn
  readonly time: Time
}

/** Reads Microsoft Graph with the operator's own sign-in. Changes nothing. */
export interface GraphReader {
  readonly settings: AppSettings
  /** @param onRead number of objects read so far */
  report(
    report: ReportName,
    query: ReportQuery,
    onRead: (read: number) => void,
    signal: AbortSignal,
  ): Promise<Report>
  names(people: readonly ResponsibleContext[], signal: AbortSignal): Promise<ResponsibleNames>
}

/** @throws ConfigError listing every invalid setting */
export function createGraphReader({ env, signIn, time }: GraphReaderWorld): GraphReader {
  const settings = operatorSettings(env)
  const { endpoint, includeAgents } = settings.graph
  const client = (permissions: readonly string[]) =>
    graphClientFor(endpoint, accessOf(signIn, settings, permissions), time)

  return {
    settings,

    async report(report, query, onRead, signal) {
      const collections = collectionsFor(report, riskCollections(includeAgents))
      const deps = {
        collections,
        client: await client(collections.map(({ permission }) => permission)),
        tenantId: settings.tenantId,
        readRecord: recordReader(settings, time),
        onRead,
      }
      return readGraphReport(report, query, deps, signal, MAX_REPORT_ROWS)
    },

    names: async (people, signal) => responsibleNames(people, await client(NAME_PERMISSIONS), signal),
  }
}
