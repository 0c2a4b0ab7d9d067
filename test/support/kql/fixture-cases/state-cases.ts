import { ago, ahead, type FixtureCase, type FixtureRow } from '../fixture.ts'
import { AFTER_RUN, change, detection, failed, INGESTED_LATE, nativeState, signIn, state } from './rows.ts'

const switched = (identity: string, at: string, enabled: boolean): FixtureRow =>
  change(enabled ? 'enables the identity' : 'disables the identity', {
    operation: 'Update service principal',
    at,
    actor: 'admin@contoso.example',
    target: identity,
    properties: [{ displayName: 'AccountEnabled', oldValue: `[${!enabled}]`, newValue: `[${enabled}]` }],
  })

/** Rules that look at the states of an identity, one after the other. */
export const stateCases: readonly FixtureCase[] = [
  {
    of: 'risk-state-regressed',
    key: 'IdentityDisplayName',
    expected: [
      'again at risk',
      'again at risk, delivered 72 hours late',
      'states overtook each other',
      'again at risk, none between',
      'again at risk, ingested 72 hours late',
      'native first',
    ],
    next: ['the closing arrives after the run'],
    tables: {
      EntraRiskyIdentities_CL: [
        state('again at risk', 'silent by itself', '3d', 'remediated'),
        state('again at risk', 'fires', '10m', 'atRisk'),
        state('again at risk, delivered 72 hours late', 'silent by itself', '5d', 'dismissed'),
        state(
          'again at risk, delivered 72 hours late',
          'fires: changed three days ago, sent now',
          '10m',
          'atRisk',
          {
            LastUpdatedDateTime: ago('74h'),
          },
        ),
        state(
          'states overtook each other',
          'fires: dismissed before it was at risk, though it arrives after',
          '10m',
          'dismissed',
          {
            LastUpdatedDateTime: ago('30h'),
          },
        ),
        state('states overtook each other', 'silent by itself', '20h', 'atRisk'),
        state('again at risk, none between', 'silent by itself', '3d', 'dismissed'),
        state('again at risk, none between', 'silent by itself: no state at all', '2d', 'none'),
        state('again at risk, none between', 'fires', '10m', 'atRisk'),
        state('closed twice', 'silent by itself', '3d', 'dismissed'),
        state('closed twice', 'silent: closed in another way', '10m', 'confirmedSafe'),
        state('again at risk, alerted before', 'silent by itself', '3d', 'remediated'),
        state('again at risk, alerted before', 'silent: an earlier run had it', '2h', 'atRisk'),
        state('at risk for the first time', 'silent: nothing went before', '10m', 'atRisk'),
        state('still at risk', 'silent by itself', '3d', 'atRisk'),
        state('still at risk', 'silent: no step back', '10m', 'confirmedCompromised'),
        state('closed at last', 'silent by itself', '3d', 'atRisk'),
        state('closed at last', 'silent: the right direction', '10m', 'dismissed'),
        state('detected again', 'silent by itself', '3d', 'dismissed'),
        state('again at risk, ingested 72 hours late', 'silent by itself', '5d', 'dismissed'),
        state(
          'again at risk, ingested 72 hours late',
          'fires: sent three days ago, queryable now',
          INGESTED_LATE,
          'atRisk',
        ),
        state('the closing arrives after the run', 'silent: nothing is known to go before', '20h', 'atRisk'),
        state(
          'the closing arrives after the run',
          'fires in the next run: dismissed before it was at risk',
          { sent: ago('30h'), arrived: ahead('10m') },
          'dismissed',
        ),
        state('native first', 'silent by itself', '3d', 'dismissed'),
        state('native first', 'silent: the native row was told', AFTER_RUN, 'atRisk', {
          LastUpdatedDateTime: ago('20m'),
        }),
      ],
      AADRiskyServicePrincipals: [
        nativeState('native first', 'fires: of two rows the first to arrive', '20m', 'atRisk', '20m'),
      ],
      EntraRiskDetections_CL: [detection('detected again', 'silent: a detection is no state', '10m')],
    },
  },
  {
    of: 'confirmed-compromised-but-enabled',
    key: 'strcat(IdentityDisplayName, ": ", AlertSeverity)',
    expected: [
      'enabled: Medium',
      'enabled and in use: High',
      'delivered 72 hours late: Medium',
      'enabled again: Medium',
      'sign-ins refused: Medium',
      'same last update, enabled since: Medium',
      'ingested 72 hours late: Medium',
    ],
    next: ['in its hour of grace: Medium'],
    tables: {
      EntraRiskyIdentities_CL: [
        state('enabled', 'fires', '90m', 'confirmedCompromised', { AccountEnabled: true }),
        ...[true, false].flatMap((enabled) => {
          const name = `same last update, ${enabled ? 'enabled' : 'disabled'} since`
          const sent = (at: string, isEnabled: boolean) => ({
            AccountEnabled: isEnabled,
            LastUpdatedDateTime: ago('4h'),
            EnqueuedDateTime: ago(at),
          })
          return [
            state(
              name,
              'silent: not the latest version',
              '100m',
              'confirmedCompromised',
              sent('100m', !enabled),
            ),
            state(
              name,
              enabled ? 'fires' : 'silent: cannot sign in',
              '90m',
              'confirmedCompromised',
              sent('90m', enabled),
            ),
          ]
        }),
        state('enabled and in use', 'fires, and higher', '90m', 'confirmedCompromised', {
          AccountEnabled: true,
        }),
        state(
          'delivered 72 hours late',
          'fires: confirmed three days ago, sent 90 minutes ago',
          '90m',
          'confirmedCompromised',
          {
            AccountEnabled: true,
            LastUpdatedDateTime: ago('74h'),
          },
        ),
        state(
          'ingested 72 hours late',
          'fires: sent three days ago, queryable for 90 minutes',
          { sent: ago('74h'), arrived: ago('90m') },
          'confirmedCompromised',
          { AccountEnabled: true },
        ),
        state(
          'native first',
          'silent: the grace of the native row has ended before the last run',
          '90m',
          'confirmedCompromised',
          { AccountEnabled: true, LastUpdatedDateTime: ago('150m') },
        ),
        state('in its hour of grace', 'silent: confirmed just now', '20m', 'confirmedCompromised', {
          AccountEnabled: true,
        }),
        state('alerted before', 'silent: an earlier run had it', '4h', 'confirmedCompromised', {
          AccountEnabled: true,
        }),
        state('disabled', 'silent: cannot sign in', '90m', 'confirmedCompromised', { AccountEnabled: false }),
        state('disabled since', 'silent: the audit log says so', '90m', 'confirmedCompromised', {
          AccountEnabled: true,
        }),
        state('enabled again', 'fires: disabled, then enabled', '90m', 'confirmedCompromised', {
          AccountEnabled: true,
        }),
        state('sign-ins refused', 'fires', '90m', 'confirmedCompromised', { AccountEnabled: true }),
        state('at risk only', 'silent: nobody confirmed', '90m', 'atRisk', { AccountEnabled: true }),
        state('deleted', 'silent: gone', '90m', 'confirmedCompromised', {
          AccountEnabled: true,
          IsDeleted: true,
        }),
      ],
      AADRiskyServicePrincipals: [
        nativeState('native first', 'silent: an earlier run had it', '150m', 'confirmedCompromised', '150m', {
          AccountEnabled: true,
        }),
      ],
      AADServicePrincipalSignInLogs: [
        signIn('enabled and in use', 'since it was confirmed', '30m'),
        signIn('sign-ins refused', 'refused', '30m', { ResultType: '53003' }),
      ],
      AuditLogs: [
        switched('disabled since', '80m', false),
        switched('enabled again', '80m', false),
        switched('enabled again', '70m', true),
        failed(switched('enabled', '80m', false)),
      ],
    },
  },
]
